export type Link = { href: string; text: string };

const address = /\bhttps?:\/\/[^\s<>"]+/gi;

/**
 * Cuts a text into plain pieces and links, in order; joined again they are the text. Only web pages are linked: visitors
 * could send `javascript:` and the like.
 */
export function splitLinks(text: string): (string | Link)[] {
  const parts: (string | Link)[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    if (!isWebPage(found)) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + found.length;
    parts.push({ href: found, text: found });
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

export const isWebPage = (url: string): boolean => /^https?:/i.test(url) && URL.canParse(url);

/** The end of the sentence around an address is not part of it; a bracket is if it was opened within the address. */
function trimEnd(found: string): string {
  const unopened: Record<string, number> = {};
  for (const [open, close] of ["()", "[]", "{}"]) {
    unopened[close!] = found.split(close!).length - found.split(open!).length;
  }
  let end = found.length;
  for (; end; end--) {
    const last = found[end - 1]!;
    if (last in unopened ? unopened[last]!-- <= 0 : !".,;:!?'…*_".includes(last)) break;
  }
  return found.slice(0, end);
}
