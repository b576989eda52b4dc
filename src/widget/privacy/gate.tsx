/** @jsxImportSource #widget/dom */
import { type App, type Shell, showOnBubble } from "#widget/page/shell.ts";
import { openAccepted } from "./accepted.ts";
import { type Dialog, Link, openDialog } from "./dialog.tsx";

export function openGate(shell: Shell, identity: string | undefined, hasThread: unknown): App | Promise<App> {
  const notice = shell.website.requiredNotice!;
  const accepted = openAccepted(shell.websiteKey);
  let jwt = identity;
  let app: App | undefined;
  let dialog: Dialog | undefined;

  const startApp = async () => {
    const started = await (await shell.part("app")).start({ ...shell, notice }, jwt, hasThread);
    app = started;
    return {
      ...started,
      logout() {
        // Others may use this browser next: they are asked too.
        accepted.set(null);
        started.logout();
      },
    };
  };
  if (accepted.get() === notice) return startApp();

  function ask() {
    dialog = openDialog(shell, "Before you chat", closed);
    dialog.draw(<Notice shell={shell} onAccept={accept} onRefuse={dialog.close} />);
    showOnBubble(shell, true, 0);
  }

  function closed() {
    dialog = undefined;
    showOnBubble(shell, false, 0);
    shell.bubble.focus();
  }

  async function accept() {
    shell.bubble.ariaBusy = "true";
    const started = await startApp().catch(() => null);
    shell.bubble.ariaBusy = "false";
    // The files could not be loaded: the notice stays, to be accepted again.
    if (!started) return;
    accepted.set(notice);
    dialog?.close();
    started.open();
  }

  const open = () => (app ? app.open() : dialog || ask());
  const close = () => (app ? app.close() : dialog?.close());
  return {
    open,
    close,
    toggle: () => (app ? app.toggle() : dialog ? close() : ask()),
    identify(next) {
      jwt = next;
      app?.identify(next);
    },
    logout() {
      jwt = undefined;
      accepted.set(null);
      if (app) app.logout();
      else close();
    },
  };
}

type Props = { shell: Shell; onAccept: () => void; onRefuse: () => void };

function Notice({ shell: { website, base, websiteKey }, onAccept, onRefuse }: Props) {
  const { privacyNotice, privacyLink } = website.settings;
  return (
    <div>
      <p class="notice" dir="auto">
        {privacyNotice}
      </p>
      <p>
        {privacyLink && <Link href={privacyLink}>Privacy policy</Link>}
        <Link href={`${base}/privacy/${websiteKey}`}>What is kept, and for how long</Link>
      </p>
      <p class="hint">Until you accept, nothing is stored in your browser and the chat does not connect.</p>
      <div class="actions">
        <button type="button" class="main first" onClick={onAccept}>
          Accept and chat
        </button>
        <button type="button" onClick={onRefuse}>
          Not now
        </button>
      </div>
    </div>
  );
}
