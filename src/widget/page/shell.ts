import type { WidgetWebsite } from "#protocol/widget.ts";
import css from "./shell.css?inline";

/** What the bubble and the page call. */
export type App = {
  open(): void;
  close(): void;
  toggle(): void;
  identify(jwt: string): void;
  logout(): void;
};

/**
 * A part that is loaded later and then takes over the bubble.
 * @param hasThread  the browser keeps something of an anonymous visitor
 */
export type Part = { start(shell: Shell, identity?: string, hasThread?: unknown): App | Promise<App> };

export type PrivacyPart = {
  /** Shows the visitor what they may do with their data, in the panel's place. */
  showPrivacy(shell: Shell, token: () => Promise<string>): void;
};

/** The part of the widget that is on the page before the app is loaded. The app adds the panel. */
export type Shell = {
  /** the public key of the snippet */
  websiteKey: string;
  /** where the server is, such as https://chat.example.com */
  base: string;
  website: WidgetWebsite;
  /** Loads another part of the widget. */
  part(name: "app"): Promise<Part>;
  part(name: "privacy"): Promise<Part & PrivacyPart>;
  part(name: "app" | "privacy"): Promise<Part>;
  /** the privacy notice that the visitor has accepted; absent: none is required */
  notice?: string;
  root: ShadowRoot;
  bubble: HTMLButtonElement;
  /** on the bubble: the number of unread messages, or nothing */
  badge: HTMLElement;
  /** Calls the page's listeners. */
  onUnread(unread: number): void;
  /** Puts everything back into the page, if it is not there. */
  attach(): void;
  /** Removes everything from the page for good. */
  remove(): void;
  /** Writes to the console, for the developer who put the snippet there. */
  warn(message: string): void;
};

/** Not at once: a page that removes every unknown element would do nothing else any more. */
const reattachMs = 50;

/** Line drawings of 24 × 24, to open and to close; shell.css shows one of them. */
const icons = ["M4 5.5h16v11H10l-4 3.5v-3.5h-2z", "M6 6l12 12M18 6l-12 12"];

/** Puts the bubble into a corner of the page, in a shadow tree: no style gets in or out. */
export function createShell(p: Omit<Shell, "root" | "bubble" | "badge" | "attach" | "remove">): Shell {
  const host = document.createElement("prochat-widget");
  const root = host.attachShadow({ mode: "open" });
  // In the browser's top layer no transform, filter or containment of the page moves it. Not in Firefox before 125.
  host.popover = "manual";
  const { settings, textColour } = p.website;
  // A constructed sheet is no inline style: it passes a Content-Security-Policy without 'unsafe-inline'.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{--colour:${settings.colour};--on-colour:${textColour}}${css}`);
  root.adoptedStyleSheets = [sheet];

  const bubble = document.createElement("button");
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

  let isWanted = true;
  const removals = new MutationObserver(() => setTimeout(attach, reattachMs));
  attach();
  return { ...p, root, bubble, badge, attach, remove };

  /** Pages replace their body, its children or the whole document when they navigate. */
  function attach() {
    const { documentElement, body } = document;
    for (const node of [document, documentElement, body]) if (node) removals.observe(node, { childList: true });
    if (!isWanted || host.isConnected) return;
    body?.append(host);
    host.showPopover?.();
  }

  function remove() {
    isWanted = false;
    host.remove();
  }
}

/** @param unread  messages; 0 for none */
export function showOnBubble({ bubble, badge }: Shell, isOpen: boolean, unread: number): void {
  bubble.ariaExpanded = `${isOpen}`;
  bubble.ariaLabel = isOpen ? "Close chat" : `Open chat${unread ? `, unread messages: ${unread}` : ""}`;
  badge.textContent = isOpen || !unread ? "" : unread > 99 ? "99+" : `${unread}`;
}

function element(name: string, attribute: string, value: string): Element {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  made.setAttribute(attribute, value);
  return made;
}
