import type { Website } from "#protocol/websites.ts";

/** Those whose name begins with the text, before those that have it anywhere; without accents and capitals. */
export function findWebsites<W extends Pick<Website, "name">>(websites: W[], text: string): W[] {
  const wanted = plain(text.trim());
  const found = websites.filter(({ name }) => plain(name).includes(wanted));
  const begins = ({ name }: W) => plain(name).startsWith(wanted);
  return [...found.filter(begins), ...found.filter(website => !begins(website))];
}

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
