/** @jsxImportSource #widget/dom */
import { areaOf, openStorage } from "#client/storage.ts";
import { currentOf } from "#client/visitor.ts";
import type { Message } from "#protocol/messages.ts";
import { type Chat, createChat } from "./chat/chat.ts";
import { render } from "./dom/render.ts";
import type { Shell } from "./page/shell.ts";
import { prefixOf } from "./page/storage-keys.ts";
import css from "./panel/panel.css?inline";
import { Panel } from "./panel/panel.tsx";
import { createScroll } from "./panel/scroll.ts";

export type App = {
  open(): void;
  close(): void;
  toggle(): void;
  identify(jwt: string): void;
  logout(): void;
};

/** Phones, upright or not: there the panel is the whole screen. Also in panel.css. */
const phone = "(max-width: 480px), (max-height: 480px)";

/** What is loaded when somebody is about to chat, or has: the loader calls it once. */
export function start(shell: Shell, identity?: string): App {
  const { bubble, badge, root, website } = shell;
  const stores = (["localStorage", "sessionStorage"] as const).map(kind =>
    openStorage(areaOf(kind), prefixOf(shell.websiteKey)),
  );
  let chat: Chat | null = null;
  let isOpen = false;
  let unread = 0;

  const scroll = createScroll({ bottom: () => chat?.read(), top: loadOlder, unseen: draw });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  const news = document.createElement("div");
  news.role = "status";
  news.className = "quiet";
  root.append(place, news);
  followKeyboard(place);
  document.addEventListener("visibilitychange", scroll.measure);
  if (identity || stores[0]!.names().length) begin();
  draw();

  function begin(): Chat {
    chat = createChat({ shell, identity, onChange: draw, onMessage: announce, onReplaced: restart });
    return chat;
  }

  function restart() {
    chat?.close();
    begin();
    if (isOpen) chat!.show();
    draw();
  }

  /** Draws all of it from what is known now: after every change. */
  function draw() {
    const now = (chat && currentOf(chat.sync.getState())?.unread) ?? 0;
    bubble.ariaExpanded = `${isOpen}`;
    bubble.ariaLabel = isOpen ? "Close chat" : `Open chat${now ? `, unread messages: ${now}` : ""}`;
    badge.textContent = isOpen || !now ? "" : now > 99 ? "99+" : `${now}`;
    if (now !== unread) shell.onUnread(now);
    unread = now;

    render(place, isOpen && chat && <Panel {...{ chat, scroll, website, close }} />);
    if (isOpen && chat) settle(chat);
  }

  /** What only the browser can say once it is drawn: heights, the focus, where the reader is. */
  function settle(chat: Chat) {
    const dialog = place.querySelector("dialog")!;
    const field = place.querySelector("textarea")!;
    if (!dialog.open) {
      if (matchMedia(phone).matches) dialog.showModal();
      else dialog.show();
      field.focus({ preventScroll: true });
      scroll.attach(place.querySelector(".list")!);
    }
    // As high as its text; panel.css stops it at eight lines.
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    const { outbox } = chat.sync.getState();
    const all = [...chat.thread().messages, ...outbox];
    const last = all.at(-1);
    const own = !!last && (!("author" in last) || last.author === "visitor");
    scroll.settle({ firstId: all[0]?.id, lastId: last?.id, own });
  }

  function loadOlder() {
    if (chat?.thread().older && !chat.view.failed) chat.load();
  }

  function announce({ authorName, body }: Message) {
    news.textContent = `${authorName ?? website.name}: ${body}`;
  }

  function open() {
    isOpen = true;
    (chat ?? begin()).show();
    draw();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    const inside = place.contains(root.activeElement);
    place.querySelector("dialog")?.close();
    draw();
    if (inside) bubble.focus();
  }

  return {
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
    identify(jwt) {
      if (jwt === identity) return;
      identity = jwt;
      restart();
    },
    logout() {
      identity = undefined;
      chat?.close();
      chat = null;
      for (const store of stores) for (const name of store.names()) store.set(name, null);
      close();
      draw();
    },
  };
}

/** Keyboards on the screen cover the page without making it smaller: the panel keeps to what is left to see. */
function followKeyboard({ style }: HTMLElement) {
  const view = window.visualViewport;
  const fit = () => {
    style.setProperty("--top", `${view!.offsetTop}px`);
    style.setProperty("--height", `${view!.height}px`);
  };
  for (const name of ["resize", "scroll"]) view?.addEventListener(name, fit);
}
