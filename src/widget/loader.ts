import type { ErrorBody } from "#protocol/errors.ts";
import type { WidgetWebsite } from "#protocol/widget.ts";
import type { App, start } from "./app.tsx";
import type {} from "./page/namespace.ts";
import { createShell, type Shell } from "./page/shell.ts";

/** The app's file name with its hash: vite.widget.config.ts. */
declare const __APP__: string;

const retryMs = 30_000;

const script = (document.currentScript ?? document.querySelector("script[data-website]")) as HTMLScriptElement | null;
const before = window.ProChat;
// A second copy of the snippet does nothing.
if (script && !(before && "open" in before)) install(script, before?.identity ?? script.dataset.identity);

function install({ src, dataset: { website: websiteKey = "" } }: HTMLScriptElement, identity?: string) {
  const base = new URL(".", src).href.slice(0, -1);
  const listeners = new Set<(unread: number) => void>();
  let unread = 0;
  let app: Promise<App> | undefined;

  const shown = new Promise<Shell>(show);
  if (identity || hasThread(websiteKey)) load();

  window.ProChat = {
    open: command("open"),
    close: command("close"),
    identify: command("identify"),
    logout: command("logout"),
    on(_event, listener) {
      listeners.add(listener);
      listener(unread);
      return () => listeners.delete(listener);
    },
  };

  /** Requests the website's settings once. A page without a chat costs no other request. */
  async function show(done: (shell: Shell) => void) {
    try {
      const answer = await fetch(`${base}/api/v1/widget/websites/${encodeURIComponent(websiteKey)}`);
      const body: WidgetWebsite & { error?: ErrorBody } = await answer.json();
      if (answer.status < 500 && body.error) return warn(body.error.message);
      const shell = createShell({ websiteKey, base, website: body, onUnread, warn });
      for (const name of ["pointerenter", "focus"]) shell.bubble.addEventListener(name, load);
      shell.bubble.onclick = command("toggle");
      done(shell);
    } catch {
      // The server does not answer: retry. There is no bubble until then.
      setTimeout(show, retryMs, done);
    }
  }

  function load(): Promise<App> {
    if (app) return app;
    // After an update of the server, a loader from the browser's cache names an old app: then load the new one.
    const from = (name: string): Promise<{ start: typeof start }> =>
      import(/* @vite-ignore */ `${base}/widget/${name}`);
    const module = from(__APP__).catch(() => from(`app.js?${Date.now()}`));
    app = Promise.all([shown, module]).then(([shell, { start }]) => start(shell, identity));
    app.catch(() => {
      app = undefined;
    });
    return app;
  }

  function command(name: keyof App) {
    return async (argument?: unknown) => {
      const { bubble, badge } = await shown;
      bubble.ariaBusy = "true";
      try {
        (await load())[name](argument as string);
      } catch {
        badge.textContent = "!";
        bubble.ariaLabel = "The chat could not be loaded. Try again.";
      }
      bubble.ariaBusy = "false";
    };
  }

  function onUnread(count: number) {
    unread = count;
    for (const listener of listeners) listener(count);
  }
}

function warn(message: string) {
  // biome-ignore lint/suspicious/noConsole: the only way to reach the developer who put the snippet there
  console.warn(`Pro LiveChat: ${message}`);
}

/** The app keeps something in this browser only after a conversation has begun. */
function hasThread(websiteKey: string): boolean {
  try {
    return Object.keys(localStorage).some(name => name.startsWith(`prochat:${websiteKey}:`));
  } catch {
    return false;
  }
}
