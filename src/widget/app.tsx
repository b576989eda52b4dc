import { currentOf } from "#client/visitor.ts";
import type { Message } from "#protocol/messages.ts";
import { type Chat, closeChat } from "./chat/chat.ts";
import { write } from "./chat/composing.ts";
import { openChat } from "./chat/connection.ts";
import { showThread } from "./chat/reading.ts";
import { type App, type Shell, showOnBubble } from "./page/shell.ts";
import { createDrawing } from "./panel/drawing.tsx";
import emailCss from "./panel/email.css?inline";
import { fitAboveKeyboard } from "./panel/fit.ts";
import css from "./panel/panel.css?inline";

/** The loader calls this once, when a visitor is about to chat or has chatted before: see Part. */
export function start(shell: Shell, identity?: string, hasThread?: unknown): App {
  const { bubble, root, website } = shell;
  let chat: Chat | null = null;
  let isOpen = false;
  let unread = 0;

  const { place, news } = addPlaces(root);
  // The page's own shortcuts and focus traps must not react to the chat.
  for (const name of ["keydown", "keypress", "keyup", "focusin"])
    root.addEventListener(name, event => event.stopPropagation());
  // The second press of a double click would take the focus from the field.
  bubble.addEventListener("mousedown", event => event.detail > 1 && event.preventDefault());
  const drawPanel = createDrawing(place, website, close);
  if (identity || hasThread) begin();
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
    // What an anonymous visitor types goes along when they log in. Each logged-in visitor has a draft of their own.
    const typed = !identity && chat?.draft;
    identity = jwt;
    restart();
    if (typed) write(chat!, typed);
  }

  /** The loader has already deleted what the browser kept. */
  function logout() {
    identity = undefined;
    if (chat) closeChat(chat);
    chat = null;
    close();
    draw();
  }

  return { open, close, toggle: () => (isOpen ? close() : open()), identify, logout };
}

/** Adds the app's styles, a place for the panel, and a place from which screen readers read out new messages. */
function addPlaces(root: ShadowRoot): { place: HTMLElement; news: HTMLElement } {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + emailCss);
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  const news = document.createElement("div");
  news.role = "status";
  news.className = "quiet";
  root.append(place, news);
  fitAboveKeyboard(place);
  return { place, news };
}
