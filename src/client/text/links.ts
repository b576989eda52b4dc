export type Link = { href: string; text: string };

/**
 * An address ends at white space, quotes and brackets of angles. Also at punctuation beyond ASCII, after which scripts put no
 * space, except what stands within words. Also at the marks of direction that keyboards put around an address in a text from
 * right to left; ZWNJ and ZWJ are parts of words.
 */
const address = /\bhttps?:\/\/[^\s<>"`[\p{P}--[!-~¡¿·–’׳״・]][\p{Cf}--[\u200c\u200d]]]+/giv;
/** Belongs to the sentence if it stands at the end of an address. */
const punctuation = /[[\p{P}~\|]--[\/#%\&@\-]]/v;

/** A page of 40 messages with 1,000 links each took 24 s to show. No person writes so many: further ones stay text. */
const maxParts = 200;

/**
 * Splits a text into plain parts and links, in order; together they are the text. Takes time in proportion to its length:
 * anybody may send 10,000 characters. Only web pages are linked, because visitors could send `javascript:` addresses.
 */
export function splitLinks(text: string): (string | Link)[] {
  const parts: (string | Link)[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    if (parts.length >= maxParts || !URL.canParse(found)) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + found.length;
    parts.push({ href: found, text: found });
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

export const isWebPage = (url: string): boolean => /^https?:/i.test(url) && URL.canParse(url);

const openerOf: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Cuts off the punctuation of the sentence. A closing bracket stays if the address also opens it. */
function trimEnd(found: string): string {
  const counts: Record<string, number> = {};
  let at = 0;
  let end = 0;
  for (const character of found) {
    at += character.length;
    counts[character] = (counts[character] ?? 0) + 1;
    const isClosing = counts[character] <= counts[openerOf[character]!]!;
    if (isClosing || !punctuation.test(character)) end = at;
  }
  return found.slice(0, end);
}
