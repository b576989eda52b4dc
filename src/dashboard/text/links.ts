type TextPart = { text: string; href: string | null };

const address = /https?:\/\/[^\s<>"]+/gi;

/** Splits a text at the web addresses in it; the punctuation after one is not part of it. */
export function findLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = trimmed(match[0]);
    const href = safeHref(found);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}

/** The address when it leads to a web page; null for `javascript:` and the like, which visitors could send. */
export function safeHref(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? href : null;
}

function trimmed(url: string): string {
  const bare = url.replace(/[.,;:!?'*_]+$/, "");
  // "(see https://example.com)" but also "https://example.com/Go_(game)"
  const unbalanced = bare.endsWith(")") && bare.split("(").length < bare.split(")").length;
  return unbalanced ? trimmed(bare.slice(0, -1)) : bare;
}
