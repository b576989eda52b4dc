import type { Pair, Side } from "./pairs.ts";
import { keyOf } from "./pairs.ts";
import type { Stored } from "./system-under-test.ts";

/** What the two sides of a conversation sent and received. */
export type History = Pick<Pair, "conversation" | "sent" | "received">;

/** Counts of stored messages and of each kind of error. */
export type Verdict = {
  stored: number;
  /** acknowledged, and not stored */
  lost: number;
  /** stored more than once */
  doubled: number;
  /** stored in another order than sent */
  unordered: number;
  /** stored, and not received by the other side at the end */
  undelivered: number;
  /** received twice, or in another order than stored, or not stored */
  misdelivered: number;
};

/** Compares what is stored with what was acknowledged and what the other side received. */
export function checkHistories(all: Stored[], histories: History[]): Verdict {
  const stored = new Map(all.map(({ conversation, bodies }) => [conversation, bodies.map(keyOf)]));
  const verdict: Verdict = { stored: 0, lost: 0, doubled: 0, unordered: 0, undelivered: 0, misdelivered: 0 };
  for (const { conversation, sent, received } of histories) {
    const keys = stored.get(conversation) ?? [];
    verdict.stored += keys.length;
    for (const side of ["visitor", "agent"] as const)
      compareSide(verdict, keys.filter(by(side)), sent[side], received[side]);
  }
  return verdict;
}

const by = (side: Side) => (key: string) => key[0] === side[0];

function compareSide(verdict: Verdict, stored: string[], sent: Pair["sent"][Side], received: string[]): void {
  const once = new Set(stored);
  verdict.doubled += stored.length - once.size;
  verdict.lost += sent.filter(({ key, isAcknowledged }) => isAcknowledged && !once.has(key)).length;
  const written = sent.filter(({ key }) => once.has(key)).map(({ key }) => key);
  verdict.unordered += countDifferences(written, [...once]);
  const arrived = new Set(received);
  verdict.undelivered += [...once].filter(key => !arrived.has(key)).length;
  verdict.misdelivered += countDifferences(
    [...once].filter(key => arrived.has(key)),
    received,
  );
}

/** The number of places where the lists differ; places that only the longer list has count too. */
function countDifferences(a: string[], b: string[]): number {
  const length = Math.max(a.length, b.length);
  let count = 0;
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) count++;
  return count;
}

export const isFlawless = ({ stored, ...flaws }: Verdict) =>
  stored > 0 && Object.values(flaws).every(count => count === 0);

export const describeVerdict = ({ stored, lost, doubled, unordered, undelivered, misdelivered }: Verdict) =>
  `${stored} messages stored; ${lost} lost, ${doubled} doubled, ${unordered} out of order, ${undelivered} not ` +
  `delivered, ${misdelivered} delivered twice or out of order`;
