import type { Floor } from "#bench/floor/pgbench.ts";
import type { PublishOptions } from "#bench/report/options.ts";
import type { Run } from "#bench/report/run.ts";
import type { Verdict } from "#lab/load/check.ts";
import type { CpuByPart } from "#lab/load/cpu-by-part.ts";
import type { Latency } from "#lab/load/latency.ts";

export type LoadFigures = {
  /** acknowledged and delivered */
  messagesPerSecond: number;
  acknowledged: Latency;
  delivered: Latency;
  /** microseconds of processor time per message */
  cost: CpuByPart;
  /** refused, or not done in time */
  failures: string[];
  unfinished: number;
  /** share of the messages that waited because all authors had used up their rate limit */
  throttled: number;
};

export type Round = { full: LoadFigures; half: LoadFigures; verdict: Verdict };

export type SystemReport = { name: SystemName; title: string; rounds: Round[] };

export const systemNames = ["ours", "ours-2", "reference"] as const;
export type SystemName = (typeof systemNames)[number];

export type Settings = {
  seconds: number;
  rounds: number;
  visitors: number;
  websites: number;
  atOnce: number;
  workers: number;
};

/** The measurements of a round, in order. */
export const turns = [...systemNames, "floor"] as const;
export type Turn = (typeof turns)[number];

export type Options = Settings & PublishOptions & { only?: Turn[] };

export type Report = Run & {
  postgres: string;
  settings: Settings;
  floor: Floor[];
  systems: SystemReport[];
};

/** The round with the median throughput: its figures belong together. */
export const medianRound = ({ rounds }: SystemReport): Round =>
  rounds.toSorted((a, b) => a.full.messagesPerSecond - b.full.messagesPerSecond)[(rounds.length - 1) >> 1]!;

export const medianFloor = (floor: Floor[]): Floor =>
  floor.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond)[(floor.length - 1) >> 1]!;
