/**
 * Properties of the widget's own objects. The build shortens them (vite.widget.config.ts), which saves a page 340 bytes
 * of 15,000. None of them may be a name of the protocol, of the browser, of what is kept in its storage, or of `ProChat`,
 * nor one that code also writes as a string, such as `threads` in the store.
 */
export const ownNames = (
  "getState getStatus subscribe loadOlder markRead setTyping viewPage onChange onMessage onReplaced onOnline onRefused " +
  "onStatus onEvent onSession onTimeout onFinished fetchPage request sendParams openSocket repairSoon repairAll " +
  "rejectAll outbox early complete retry discard older loaded failed endReason refusal edited " +
  "measure toBottom unseen attach firstId lastId isChangeable " +
  "storage session client sync readSeqSent typingSentAt stops isShown isLoading isNew setDraft getDraft local " +
  "watch current renew expire draft asks changes patch receive keep top bottom isEcho asOf props moment chat isNote " +
  "browser load reduce tag listNames asked apply shell save news scroll"
).split(" ");
