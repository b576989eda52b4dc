import type { Pair, Side } from "./pairs.ts";
import { keyOf } from "./pairs.ts";
import type { Stored } from "./system-under-test.ts";

/** What the two sides of a conversation know of it. */
export type History = Pick<Pair, "conversation" | "sent" | "heard">;

/** Messages that are not as they should be, by what is wrong with them. */
export type Verdict = {
  stored: number;
  /** acknowledged, and not stored */
  lost: number;
  /** stored more than once */
  doubled: number;
  /** stored in another order than their author's */
  unordered: number;
  /** stored, and not held by the other side at the end */
  undelivered: number;
  /** held twice, or in another order than stored, or not stored */
  misdelivered: number;
};

/** Compares what is stored with what was acknowledged and what the other side heard. */
export function checkHistories(all: Stored[], histories: History[]): Verdict {
  const stored = new Map(all.map(({ conversation, bodies }) => [conversation, bodies.map(keyOf)]));
  const verdict: Verdict = { stored: 0, lost: 0, doubled: 0, unordered: 0, undelivered: 0, misdelivered: 0 };
  for (const { conversation, sent, heard } of histories) {
    const keys = stored.get(conversation) ?? [];
    verdict.stored += keys.length;
    for (const side of ["visitor", "agent"] as const)
      compareSide(verdict, keys.filter(by(side)), sent[side], heard[side]);
  }
  return verdict;
}

const by = (side: Side) => (key: string) => key[0] === side[0];

function compareSide(verdict: Verdict, stored: string[], sent: Pair["sent"][Side], heard: string[]): void {
  const once = new Set(stored);
  verdict.doubled += stored.length - once.size;
  verdict.lost += sent.filter(({ key, acknowledged }) => acknowledged && !once.has(key)).length;
  const written = sent.filter(({ key }) => once.has(key)).map(({ key }) => key);
  verdict.unordered += differences(written, [...once]);
  const held = new Set(heard);
  verdict.undelivered += [...once].filter(key => !held.has(key)).length;
  verdict.misdelivered += differences(
    [...once].filter(key => held.has(key)),
    heard,
  );
}

/** Places that differ; what is longer differs in what it has more. */
function differences(a: string[], b: string[]): number {
  const length = Math.max(a.length, b.length);
  let count = 0;
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) count++;
  return count;
}

export const isFlawless = ({ stored, ...flaws }: Verdict) =>
  stored > 0 && Object.values(flaws).every(count => count === 0);

export const sayVerdict = ({ stored, lost, doubled, unordered, undelivered, misdelivered }: Verdict) =>
  `${stored} messages stored; ${lost} lost, ${doubled} doubled, ${unordered} out of order, ${undelivered} not delivered, ` +
  `${misdelivered} delivered twice or out of order`;
