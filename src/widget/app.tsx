import { areaOf, openStorage } from "#client/storage.ts";
import { currentOf } from "#client/visitor.ts";
import type { Message } from "#protocol/messages.ts";
import { type Chat, closeChat } from "./chat/chat.ts";
import { openChat } from "./chat/connection.ts";
import { showThread } from "./chat/reading.ts";
import { type Shell, showOnBubble } from "./page/shell.ts";
import { prefixOf } from "./page/storage-keys.ts";
import { createDrawing } from "./panel/drawing.tsx";
import { fitAboveKeyboard } from "./panel/fit.ts";
import css from "./panel/panel.css?inline";

export type App = {
  open(): void;
  close(): void;
  toggle(): void;
  identify(jwt: string): void;
  logout(): void;
};

/** The loader calls this once, when a visitor is about to chat or has chatted before. */
export function start(shell: Shell, identity?: string): App {
  const { bubble, root, website } = shell;
  const stores = (["localStorage", "sessionStorage"] as const).map(kind =>
    openStorage(areaOf(kind), prefixOf(shell.websiteKey)),
  );
  let chat: Chat | null = null;
  let isOpen = false;
  let unread = 0;

  const { place, news } = addPlaces(root);
  const drawPanel = createDrawing(place, website, close);
  if (identity || stores[0]!.listNames().length) begin();
  draw();

  function begin(): Chat {
    chat = openChat({ shell, identity, onChange: draw, onMessage: announce, onReplaced: restart });
    return chat;
  }

  function restart() {
    if (chat) closeChat(chat);
    begin();
    if (isOpen) showThread(chat!);
    draw();
  }

  /** Draws everything from the present state: called after every change. */
  function draw() {
    const now = (chat && currentOf(chat.sync.getState())?.unread) ?? 0;
    showOnBubble(shell, isOpen, now);
    if (now !== unread) shell.onUnread(now);
    unread = now;

    drawPanel(isOpen ? chat : null);
  }

  function announce({ authorName, body }: Message) {
    news.textContent = `${authorName ?? website.name}: ${body}`;
  }

  function open() {
    isOpen = true;
    showThread(chat ?? begin());
    draw();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    const hadFocus = place.contains(root.activeElement);
    place.querySelector("dialog")?.close();
    draw();
    if (hadFocus) bubble.focus();
  }

  function identify(jwt: string) {
    if (jwt === identity) return;
    identity = jwt;
    restart();
  }

  function logout() {
    identity = undefined;
    if (chat) closeChat(chat);
    chat = null;
    for (const store of stores) for (const name of store.listNames()) store.set(name, null);
    close();
    draw();
  }

  return { open, close, toggle: () => (isOpen ? close() : open()), identify, logout };
}

/** Adds the app's styles, a place for the panel, and a place from which screen readers read out new messages. */
function addPlaces(root: ShadowRoot): { place: HTMLElement; news: HTMLElement } {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  const news = document.createElement("div");
  news.role = "status";
  news.className = "quiet";
  root.append(place, news);
  fitAboveKeyboard(place);
  return { place, news };
}
