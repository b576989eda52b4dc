export type Link = { href: string; text: string };

const address = /\bhttps?:\/\/[^\s<>"]+/gi;

/**
 * Splits a text into plain parts and links, in order; together they are the text. Only web pages are linked, because
 * visitors could send `javascript:` addresses.
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

/** Cuts off the punctuation of the sentence. A closing bracket stays if the address also opens it. */
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
