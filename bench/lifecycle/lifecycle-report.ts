import type { Phase as Measured } from "#bench/report/measure-phase.ts";

export type Options = {
  messages: number;
  months: number;
  monthMessages: number;
  seconds: number;
  rate: number;
  readers: number;
  hold: number;
  json?: true;
};

export type Phase = Measured & {
  /** the longest wait for a lock that the move held or waited for, sampled every 10 ms */
  blockedMs: number;
  /** pages of the month's conversations that the readers asked for, those that were refused, and those that were not what they were before */
  pages: number;
  failedPages: number;
  wrongPages: number;
};

export type Report = Options & {
  /** of the machine, at the end */
  load: number;
  isFileSame: boolean;
  /** how the move against the open transaction ended */
  againstReader: string;
  lost: string[];
  phases: Phase[];
};

export function describeReport({ phases, lost, ...report }: Report): string {
  const line = (cells: unknown[]) =>
    cells.map((cell, nth) => (nth ? String(cell).padStart(9) : String(cell).padEnd(34))).join(" ");
  return [
    `a month of ${report.monthMessages} messages; ${report.rate} sends/s and ${report.readers} readers who page; load ${report.load.toFixed(0)}; times in ms`,
    line(["phase", "took", "sends", "failed", "p50", "p99", "max", "blocked", "pages", "refused", "wrong"]),
    ...phases.map(phase =>
      line([
        ...[phase.name, phase.tookMs, phase.sends, phase.failures.length, phase.p50Ms, phase.p99Ms, phase.maxMs],
        ...[phase.blockedMs, phase.pages, phase.failedPages, phase.wrongPages],
      ]),
    ),
    `the month's file is ${report.isFileSame ? "the same" : "another one"} as before`,
    `against the open transaction: ${report.againstReader}`,
    `${lost.length} acknowledged messages lost, doubled or out of order`,
    ...new Set(phases.flatMap(phase => phase.failures)),
    ...lost,
  ].join("\n");
}
