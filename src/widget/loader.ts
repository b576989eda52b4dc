import type { ErrorBody } from "#protocol/errors.ts";
import type { WidgetWebsite } from "#protocol/requests.ts";
import type { App, start } from "./app.tsx";
import type {} from "./namespace.ts";
import { createShell, type Shell } from "./shell.ts";

/** The app's file name with its hash: vite.widget.config.ts. */
declare const __APP__: string;

const againMs = 30_000;

const script = (document.currentScript ?? document.querySelector("script[data-website]")) as HTMLScriptElement | null;
const before = window.ProChat;
// A second copy of the snippet does nothing.
if (script && !(before && "open" in before)) install(script, before?.identity ?? script.dataset.identity);

function install({ src, dataset: { website: websiteKey = "" } }: HTMLScriptElement, identity?: string) {
  const base = new URL(".", src).href.slice(0, -1);
  const listeners = new Set<(unread: number) => void>();
  let unread = 0;
  let app: Promise<App> | undefined;
  let failures = 0;

  const shown = new Promise<Shell>(show);
  if (identity || hasThread()) load();

  window.ProChat = {
    open: () => call(app => app.open()),
    close: () => app && call(app => app.close()),
    identify: jwt => call(app => app.identify(jwt)),
    logout: () => call(app => app.logout()),
    on(_event, listener) {
      listeners.add(listener);
      listener(unread);
      return () => listeners.delete(listener);
    },
  };

  /** Asks once how the website's chat looks: all that a page costs on which nobody chats. */
  async function show(done: (shell: Shell) => void) {
    try {
      const answer = await fetch(`${base}/api/v1/widget/websites/${encodeURIComponent(websiteKey)}`);
      const body: WidgetWebsite & { error?: ErrorBody } = await answer.json();
      if (answer.status < 500 && body.error) return warn(body.error.message);
      const shell = createShell({ websiteKey, base, website: body, onUnread, warn });
      for (const name of ["pointerenter", "focus"]) shell.bubble.addEventListener(name, load);
      shell.bubble.onclick = () => call(app => app.toggle());
      done(shell);
    } catch {
      // The server does not answer: the page goes on without a bubble until it does.
      setTimeout(show, againMs, done);
    }
  }

  function load(): Promise<App> {
    if (app) return app;
    // Browsers remember that an address did not load, hence another one after a failure.
    const url = `${base}/widget/${__APP__}${failures ? `?${failures}` : ""}`;
    const module: Promise<{ start: typeof start }> = import(/* @vite-ignore */ url);
    app = Promise.all([shown, module]).then(([shell, { start }]) => start(shell, identity));
    app.catch(() => {
      failures++;
      app = undefined;
    });
    return app;
  }

  async function call(use: (app: App) => void) {
    const { bubble, badge } = await shown;
    bubble.ariaBusy = "true";
    try {
      use(await load());
    } catch {
      badge.textContent = "!";
      bubble.ariaLabel = "The chat could not be loaded. Try again.";
    }
    bubble.ariaBusy = "false";
  }

  function onUnread(count: number) {
    unread = count;
    for (const listener of listeners) listener(count);
  }

  /** Whatever the app keeps here belongs to a thread that has begun. */
  function hasThread(): boolean {
    try {
      return Object.keys(localStorage).some(name => name.startsWith(`prochat:${websiteKey}:`));
    } catch {
      return false;
    }
  }
}

function warn(message: string) {
  // biome-ignore lint/suspicious/noConsole: the only way to reach whoever put the snippet there
  console.warn(`Pro LiveChat: ${message}`);
}
