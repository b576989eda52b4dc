import type { Page } from "#protocol/visitors.ts";

/** Where the visitor is, as agents see it. */
export const currentPage = (): Page => ({ url: location.href.slice(0, 2000), title: document.title.slice(0, 300) });

/** Single-page apps set the title after the address. */
const titleDelayMs = 500;

/** Calls back after the address changed without a load of the page; returns how to stop. */
export function watchPage(onMoved: () => void): () => void {
  const moved = () => setTimeout(onMoved, titleDelayMs);
  // Where there is no navigation API, going back and forth is heard of, and the rest with the next message.
  const [target, name] = window.navigation ? [window.navigation, "navigatesuccess"] : [window, "popstate"];
  target.addEventListener(name, moved);
  return () => target.removeEventListener(name, moved);
}
