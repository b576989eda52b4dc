import type { Floor } from "#bench/floor/pgbench.ts";
import type { Run } from "#bench/report/run.ts";
import type { Verdict } from "#lab/load/check.ts";
import type { Latency } from "#lab/load/latency.ts";

/** Microseconds of processor time a message. */
export type Cost = { server: number; postgres: number; redis: number; generator: number };

export type LoadFigures = {
  /** acknowledged and delivered */
  messagesPerSecond: number;
  acknowledged: Latency;
  delivered: Latency;
  cost: Cost;
  /** refused, or not done in time */
  failures: string[];
  unfinished: number;
  /** share of the messages that had to wait for somebody who may write again */
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

export type Report = Run & {
  postgres: string;
  settings: Settings;
  floor: Floor[];
  systems: SystemReport[];
};

/** The round with the median throughput: its figures belong together. */
export const middleRound = ({ rounds }: SystemReport): Round =>
  rounds.toSorted((a, b) => a.full.messagesPerSecond - b.full.messagesPerSecond)[(rounds.length - 1) >> 1]!;

export const middleFloor = (floor: Floor[]): Floor =>
  floor.toSorted((a, b) => a.messagesPerSecond - b.messagesPerSecond)[(floor.length - 1) >> 1]!;
