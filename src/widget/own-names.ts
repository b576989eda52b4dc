/**
 * Properties of the widget's own objects. The build shortens them (vite.widget.config.ts), which saves a page 250 bytes
 * of 15,000. None of them may be a name of the protocol, of the browser, of what is kept in its storage, or of `ProChat`.
 */
export const ownNames = (
  "getState getStatus subscribe loadOlder markRead setTyping viewPage onChange onMessage onReplaced onOnline onRefused " +
  "onStatus onEvent onSession onTimeout onFinished fetchPage sendParams openSocket repairSoon repairAll " +
  "rejectAll outbox early complete retry discard lines older loaded failed problem refusal edited " +
  "measure toBottom unseen attach firstId lastId isChangeable"
).split(" ");
