import { type Unit, unitsOf } from "./units.ts";

/** Units that stand one after the other in a text. */
export type Phrase = {
  units: Unit[];
  /** The last word may go on: "refun" finds refund. */
  isPrefix: boolean;
};

/** An index keeps this much of a word. Longer ones are compared by match.ts. */
const maxLength = 60;
/** PostgreSQL keeps so many places of a word, and places up to this one. */
const maxPlaces = 255;
const maxPlace = 16_383;

/** On a text with more places than PostgreSQL keeps: it may have a phrase that the index does not know. */
const cut = "#";

/**
 * A website's own beginning of each word: capitals, which no word has. The words of one website lie together in the index of
 * all, so a search reads nothing of the others, not even for the beginning of a word.
 */
export function websitePrefix(websiteId: number): string {
  let prefix = "";
  for (let rest = websiteId; rest > 0; rest = Math.floor(rest / 26)) {
    prefix = String.fromCharCode(65 + (rest % 26)) + prefix;
  }
  return prefix;
}

/** Who wrote a message, as a word of it. @param author  "visitor", "system", or the id of an agent */
export const authorWord = (author: string): string => `!${author.replaceAll("-", "")}`;

/**
 * The words of a text with their places, as PostgreSQL's tsvector. Characters of scripts without spaces are kept in pairs, the
 * last of a row alone.
 * @param author  as of authorWord(); null: the text has none
 */
export function vectorOf(websiteId: number, text: string, author: string | null): string {
  const prefix = websitePrefix(websiteId);
  const places = new Map<string, number[]>();
  let isCut = false;
  for (const [i, word] of wordsOf(text).entries()) {
    const known = places.get(word) ?? [];
    if (i < maxPlace && known.length < maxPlaces) known.push(i + 1);
    else isCut = true;
    places.set(word, known);
  }
  const words = [...places].map(([word, at]) => `'${prefix}${word}'${at.length > 0 ? ":" : ""}${at.join()}`);
  if (author) words.push(`'${prefix}${authorWord(author)}'`);
  if (isCut) words.push(`'${prefix}${cut}'`);
  return words.join(" ");
}

/** The words of a text in its order, as the index has them behind the website's prefix. */
export const wordsOf = (text: string): string[] =>
  unitsOf(text).map((unit, i, units) => shorten(unit.isJoined ? unit.text + units[i + 1]!.text : unit.text));

/**
 * What a text must have, as PostgreSQL's tsquery: each phrase, and one of the authors. A text may have a little less: match.ts
 * decides. @returns null if there is nothing to look for
 */
export function queryOf(websiteId: number, phrases: Phrase[], authors: string[] = []): string | null {
  const prefix = websitePrefix(websiteId);
  const needed = phrases.map(phrase => ofPhrase(prefix, phrase));
  if (authors.length > 0) needed.push(authors.map(author => `'${prefix}${authorWord(author)}'`).join(" | "));
  return needed.length > 0 ? needed.map(each => `(${each})`).join(" & ") : null;
}

function ofPhrase(prefix: string, { units, isPrefix }: Phrase): string {
  const words: { word: string; place: number }[] = [];
  for (const [place, { text, isCharacter, isJoined }] of units.entries()) {
    const isLast = place === units.length - 1;
    if (isJoined) words.push({ word: `'${prefix}${shorten(text + units[place + 1]!.text)}'`, place });
    // The pair before it has it already.
    else if (isCharacter && units[place - 1]?.isJoined) continue;
    else words.push({ word: `'${prefix}${shorten(text)}'${isCharacter || (isLast && isPrefix) ? ":*" : ""}`, place });
  }
  const [first, ...others] = words;
  if (others.length === 0) return first!.word;
  const inOrder = words.map(({ word, place }, i) => (i === 0 ? word : `<${place - words[i - 1]!.place}> ${word}`));
  const anywhere = words.map(({ word }) => word);
  return `${inOrder.join(" ")} | ('${prefix}${cut}' & ${anywhere.join(" & ")})`;
}

const shorten = (word: string) => (word.length > maxLength ? [...word].slice(0, maxLength).join("") : word);
