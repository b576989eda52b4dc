import type { Question, Reader, Target } from "./peers/peer.ts";
import { quantile, type Timing } from "./queries-report.ts";

/** One schema's answer to a question. check() throws if the answer is wrong. */
export type Turn = { reader: Reader; check(lines: string[], target: Target): void };

export type ReadEffort = {
  rounds: number;
  /** time limit of one schema in one round */
  roundMs: number;
};

/** After this many runs PostgreSQL has chosen the plan that a prepared statement keeps. */
const minWarmUps = 12;

/**
 * Reads every target with every schema: first to warm up and to check the answers, then in rounds that alternate.
 * @returns a timing for each schema, in order
 */
export async function readInTurns(targets: Target[], turns: Turn[], effort: ReadEffort): Promise<Timing[]> {
  const times: number[][] = turns.map(() => []);
  const rows: number[] = [];
  for (const { reader, check } of turns) rows.push(await warmUp(targets, { reader, check }, effort.roundMs));
  for (let round = 0; round < effort.rounds; round++) {
    for (const [i, { reader }] of turns.entries()) times[i]!.push(...(await timeRound(targets, reader, effort)));
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
  const runs = Math.max(targets.length, minWarmUps);
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

async function timeRound(targets: Target[], reader: Reader, { roundMs }: ReadEffort): Promise<number[]> {
  const end = performance.now() + roundMs;
  const times: number[] = [];
  // A single target is read as often as many targets in total.
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
  const at = p.theirs.findIndex((line, i) => line !== p.ours[i]);
  if (at === -1 && p.theirs.length === p.ours.length) return;
  const lineOf = (lines: string[]) => lines[at === -1 ? Math.min(p.theirs.length, p.ours.length) : at] ?? "nothing";
  throw new Error(
    `${p.peer} answers "${p.question}" differently: ${p.theirs.length} lines, the product ${p.ours.length}; ` +
      `"${lineOf(p.theirs)}" where the product has "${lineOf(p.ours)}".`,
  );
}
