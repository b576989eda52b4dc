import type { Phrase } from "./lexemes.ts";
import { type Unit, unitsOf } from "./units.ts";

/** Where something is in a text; the end is behind it. */
export type Range = [start: number, end: number];

/** Where a text has the phrases, in its order and without overlaps; null if one of them is not in it. */
export function findPhrases(text: string, phrases: Phrase[]): Range[] | null {
  const units = unitsOf(text);
  const found: Range[] = [];
  for (const phrase of phrases) {
    const own = findPhrase(units, phrase);
    if (own.length === 0) return null;
    found.push(...own);
  }
  return joined(found);
}

function findPhrase(units: Unit[], { units: wanted, isPrefix }: Phrase): Range[] {
  const found: Range[] = [];
  for (let at = 0; at + wanted.length <= units.length; at++) {
    const isHere = wanted.every((unit, i) => isLike(units[at + i]!, unit, isPrefix && i === wanted.length - 1));
    if (isHere) found.push([units[at]!.start, units[at + wanted.length - 1]!.end]);
  }
  return found;
}

function isLike(unit: Unit, wanted: Unit, isPrefix: boolean): boolean {
  if (wanted.isJoined && !unit.isJoined) return false;
  return isPrefix && !wanted.isCharacter ? unit.text.startsWith(wanted.text) : unit.text === wanted.text;
}

function joined(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** characters of an excerpt, and of what stands before its first match */
const excerptLength = 200;
const before = 60;

export type Excerpt = { text: string; marks: Range[] };

/** The part of a text around its first match, with the matches in it. */
export function excerptOf(text: string, matches: Range[]): Excerpt {
  if (text.length <= excerptLength) return { text, marks: matches };
  const first = matches[0]?.[0] ?? 0;
  const from = first <= before ? 0 : boundary(text, first - before);
  const until = boundary(text, Math.min(text.length, from + excerptLength));
  const [head, tail] = [from > 0 ? "…" : "", until < text.length ? "…" : ""];
  const marks = matches
    .filter(([start]) => start >= from && start < until)
    .map(([start, end]): Range => [start - from + head.length, Math.min(end, until) - from + head.length]);
  return { text: head + text.slice(from, until) + tail, marks };
}

/** Not between the two halves of one character. */
const boundary = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? "") ? at - 1 : at);
