import type { ErrorBody } from "#protocol/errors.ts";
import type { WidgetWebsite } from "#protocol/widget.ts";
import type { PageSettings } from "./page/namespace.ts";
import { type App, createShell, type Part, type Shell } from "./page/shell.ts";
import { prefixOf } from "./page/storage-keys.ts";

/** File names with their hashes: vite.widget.config.ts. */
declare const __APP__: string;
declare const __PRIVACY__: string;
const files = { app: __APP__, privacy: __PRIVACY__ };

const retryMs = 30_000;
/** Refusals with this status or a higher one end by themselves: too many requests, or the server has a problem. */
const minPassingStatus = 429;

const script = document.currentScript ?? document.querySelector('[src*="/widget.js"]');
const before = window.ProChat;
// A second copy of the snippet only puts the chat back, if the page has removed it.
if (before && "open" in before) before.attach();
else if (script) install(script as HTMLScriptElement, before);

function install({ src, dataset }: HTMLScriptElement, page: PageSettings = {}) {
  // Tag managers drop the attributes of a script.
  const websiteKey = `${page.website ?? dataset.website ?? new URL(src).searchParams.get("key")}`.trim();
  const base = new URL(".", src).href.slice(0, -1);
  // After an update of the server, a loader from the browser's cache names old files: then load the new ones.
  const part = (name: keyof typeof files) =>
    import(/* @vite-ignore */ `${base}/widget/${files[name]}`).catch(
      () => import(/* @vite-ignore */ `${base}/widget/${name}.js?${Date.now()}`),
    );
  const listeners = new Set<(unread: number) => void>();
  let identity = page.identity ?? dataset.identity;
  let unread = 0;
  let app: Promise<App> | undefined;

  const shown = new Promise<Shell>(show);
  // The app keeps something in this browser only after a conversation has begun.
  const hasThread = listKept("localStorage")[0];
  if (identity || hasThread) load();

  window.ProChat = {
    open: () => run("open"),
    close: () => run("close"),
    attach: () => void shown.then(shell => shell.attach()),
    identify(jwt) {
      identity = jwt;
      run("identify");
    },
    logout() {
      identity = undefined;
      for (const kind of ["localStorage", "sessionStorage"] as const)
        for (const name of listKept(kind)) window[kind].removeItem(name);
      app?.then(it => it.logout());
    },
    on(_event, listener) {
      listeners.add(listener);
      listener(unread);
      return () => listeners.delete(listener);
    },
  };

  /** What the browser keeps for this website; nothing if the visitor has blocked it. */
  function listKept(kind: "localStorage" | "sessionStorage"): string[] {
    try {
      return Object.keys(window[kind]).filter(name => name.startsWith(prefixOf(websiteKey)));
    } catch {
      return [];
    }
  }

  /** Requests the website's settings once. A page without a chat costs no other request. */
  async function show(done: (shell: Shell) => void) {
    try {
      const answer = await fetch(`${base}/api/v1/widget/websites/${encodeURIComponent(websiteKey)}`);
      const body: WidgetWebsite & { error?: ErrorBody } = await answer.json();
      if (answer.status < minPassingStatus && body.error) return warn(body.error.message);
      const shell = createShell({ websiteKey, base, website: body, onUnread, warn, part });
      for (const name of ["pointerenter", "focus"]) shell.bubble.addEventListener(name, load);
      // The second click of a double click would close what the first has opened.
      shell.bubble.onclick = ({ detail }) => detail > 1 || run("toggle");
      done(shell);
    } catch {
      // The server does not answer: retry. There is no bubble until then.
      setTimeout(show, retryMs, done);
    }
  }

  function load(): Promise<App> {
    if (app) return app;
    // Where a notice must be accepted first, the part that asks stands before the app.
    const begin = (shell: Shell) => (part: Part) => part.start(shell, identity, hasThread);
    app = shown.then(shell => shell.part(shell.website.requiredNotice ? "privacy" : "app").then(begin(shell)));
    app.catch(() => {
      app = undefined;
    });
    return app;
  }

  async function run(name: keyof App) {
    const { bubble, badge, attach } = await shown;
    attach();
    bubble.ariaBusy = "true";
    try {
      // The identity of this moment: the visitor may have logged out meanwhile.
      (await load())[name](identity as string);
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
}

function warn(message: string) {
  // biome-ignore lint/suspicious/noConsole: the only way to reach the developer who put the snippet there
  console.warn(`Pro LiveChat: ${message}`);
}
