export type Link = { href: string; text: string };

const address = /\bhttps?:\/\/[^\s<>"]+/gi;

/** A text cut into plain pieces and links, in order; joined again they are the text. Only http and https. */
export function splitLinks(text: string): (string | Link)[] {
  const parts: (string | Link)[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    if (!URL.canParse(found)) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + found.length;
    parts.push({ href: found, text: found });
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** What closes the sentence around an address is not part of it; a bracket that was opened within it is. */
function trimEnd(found: string): string {
  const opened = found.split("(").length >= found.split(")").length;
  const trimmed = found.replace(opened ? /[.,;:!?'…*_\]}]$/ : /[.,;:!?'…*_\]})]$/, "");
  return trimmed === found ? found : trimEnd(trimmed);
}
