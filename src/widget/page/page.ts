import type { Page } from "#protocol/visitors.ts";

/** The page that the visitor is on, as agents see it. */
export const currentPage = (): Page => ({ url: location.href.slice(0, 2000), title: document.title.slice(0, 300) });

/** Single-page apps set the title after the address. */
const titleDelayMs = 500;

/** Calls back after the address has changed without loading a page; returns how to stop. */
export function watchPage(onMoved: () => void): () => void {
  const moved = () => setTimeout(onMoved, titleDelayMs);
  // Browsers without the navigation API only report going back and forward: then each message updates the address.
  const [target, name] = window.navigation ? [window.navigation, "navigatesuccess"] : [window, "popstate"];
  target.addEventListener(name, moved);
  return () => target.removeEventListener(name, moved);
}
