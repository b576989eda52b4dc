import { quantile, type Timing } from "./queries-report.ts";
import type { Question, Reader, Target } from "./schema.ts";

/** One schema's way to answer, and what must be so of its answer: it throws when it is not. */
export type Turn = { reader: Reader; check(lines: string[], target: Target): void };

export type Patience = {
  rounds: number;
  /** of one schema's share of one round, after which the round ends early */
  roundMs: number;
};

/** So many runs make PostgreSQL choose the plan that a prepared statement keeps. */
const leastWarmUps = 12;

/**
 * Asks every schema about every target: once or more to warm up, when the answers are checked, then in rounds, in turns.
 * @returns a timing a turn, in order
 */
export async function readInTurns(targets: Target[], turns: Turn[], patience: Patience): Promise<Timing[]> {
  const times: number[][] = turns.map(() => []);
  const rows: number[] = [];
  for (const { reader, check } of turns) rows.push(await warmUp(targets, { reader, check }, patience.roundMs));
  for (let round = 0; round < patience.rounds; round++) {
    for (const [i, { reader }] of turns.entries()) times[i]!.push(...(await timeRound(targets, reader, patience)));
  }
  return times.map((each, i) => ({
    medianMs: rounded(quantile(each, 0.5)),
    p95Ms: rounded(quantile(each, 0.95)),
    runs: each.length,
    rows: rows[i]!,
  }));
}

/** @returns the rows of the largest answer */
async function warmUp(targets: Target[], { reader, check }: Turn, roundMs: number): Promise<number> {
  const end = performance.now() + roundMs;
  const runs = Math.max(targets.length, leastWarmUps);
  let rows = 0;
  for (let i = 0; i < runs; i++) {
    const target = targets[i % targets.length]!;
    const lines = (await reader(target))();
    check(lines, target);
    rows = Math.max(rows, lines.length);
    if (performance.now() > end && i > 0) break;
  }
  return rows;
}

async function timeRound(targets: Target[], reader: Reader, { roundMs }: Patience): Promise<number[]> {
  const end = performance.now() + roundMs;
  const times: number[] = [];
  // A question with one target is asked as often as one with many.
  for (let i = 0; i < Math.max(targets.length, 100) && (i === 0 || performance.now() < end); i++) {
    const begun = performance.now();
    await reader(targets[i % targets.length]!);
    times.push(performance.now() - begun);
  }
  return times;
}

const rounded = (ms: number) => Math.round(ms * 1000) / 1000;

/** @throws Error naming the question, the peer, and the first line that differs */
export function mustAgree(p: { question: Question; peer: string; theirs: string[]; ours: string[] }): void {
  const place = p.theirs.findIndex((line, i) => line !== p.ours[i]);
  if (place === -1 && p.theirs.length === p.ours.length) return;
  const lineOf = (lines: string[]) =>
    lines[place === -1 ? Math.min(p.theirs.length, p.ours.length) : place] ?? "nothing";
  throw new Error(
    `${p.peer} does not answer "${p.question}" as the product does: ${p.theirs.length} lines beside ` +
      `${p.ours.length}; it says "${lineOf(p.theirs)}" where the product says "${lineOf(p.ours)}".`,
  );
}
