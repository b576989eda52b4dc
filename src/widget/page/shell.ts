import { textOn } from "#client/text/colour.ts";
import type { WidgetWebsite } from "#protocol/widget.ts";
import css from "./shell.css?inline";

/** What stands on the page before the app is loaded, and what the app builds upon. */
export type Shell = {
  /** the public key of the snippet */
  websiteKey: string;
  /** where the server is, such as https://chat.example.com */
  base: string;
  website: WidgetWebsite;
  root: ShadowRoot;
  bubble: HTMLButtonElement;
  /** what the bubble says besides its icon: a number, or nothing */
  badge: HTMLElement;
  /** Tells the page's listeners. */
  onUnread(unread: number): void;
  /** Takes all of it off the page. */
  remove(): void;
  /** Tells whoever put the snippet there. */
  warn(message: string): void;
};

/** Drawings of 24 × 24; shell.css shows the one that is meant. */
const icons = ["M4 5.5h16v11H10l-4 3.5v-3.5h-2z", "M6 6l12 12M18 6l-12 12"];

/** Puts the bubble into a corner of the page, in a tree of its own: no style leaks in or out. */
export function createShell(p: Omit<Shell, "root" | "bubble" | "badge" | "remove">): Shell {
  const host = document.createElement("prochat-widget");
  const root = host.attachShadow({ mode: "open" });
  const { colour } = p.website.settings;
  // A constructed sheet is no inline style: it passes a Content-Security-Policy without 'unsafe-inline'.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{--colour:${colour};--on-colour:${textOn(colour)}}${css}`);
  root.adoptedStyleSheets = [sheet];

  const bubble = document.createElement("button");
  bubble.type = "button";
  bubble.className = "bubble";
  bubble.ariaHasPopup = "dialog";
  bubble.ariaExpanded = "false";
  bubble.ariaLabel = "Open chat";
  const badge = document.createElement("span");
  badge.className = "badge";
  const svg = bubble.appendChild(element("svg", "viewBox", "0 0 24 24"));
  for (const icon of icons) svg.append(element("path", "d", icon));
  bubble.append(badge);
  root.append(bubble);

  // The page's shortcuts and focus traps are not for what is typed in here.
  for (const name of ["keydown", "keypress", "keyup", "focusin"])
    root.addEventListener(name, event => event.stopPropagation());

  // Pages that swap their whole body as they navigate take the widget along.
  const attach = () => host.isConnected || document.body?.append(host);
  const swaps = new MutationObserver(attach);
  swaps.observe(document.documentElement, { childList: true });
  attach();

  const remove = () => {
    swaps.disconnect();
    host.remove();
  };
  return { ...p, root, bubble, badge, remove };
}

function element(name: string, attribute: string, value: string): Element {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  made.setAttribute(attribute, value);
  return made;
}
