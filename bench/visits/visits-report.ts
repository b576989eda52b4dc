import type { PublishOptions } from "#bench/report/options.ts";
import type { Run } from "#bench/report/run.ts";
import type { Verdict } from "#lab/load/check.ts";
import type { CpuByPart } from "#lab/load/cpu-by-part.ts";
import type { Latency } from "#lab/load/latency.ts";

/** What a visitor who chats does and what is done for them, in this order; `times` in a visit. */
export const steps = [
  { name: "connect", times: 1 },
  { name: "page view", times: 2 },
  { name: "first message", times: 1 },
  { name: "further message", times: 10 },
  { name: "typing", times: 2 },
  { name: "read mark", times: 2 },
  { name: "resolve", times: 1 },
  { name: "leave", times: 1 },
] as const;
export type Step = (typeof steps)[number]["name"];

/** All visits make a step before any makes the next: microseconds of processor time that the step takes, once. */
export type StepCosts = Record<Step, CpuByPart>;

/** Visits one beside another, each at its own step. */
export type Crowd = {
  /** of 100 visitors, who write */
  chatting: number;
  visitsPerSecond: number;
  /** of a visit, microseconds */
  cost: CpuByPart;
  /** steps that are answered */
  latencies: Partial<Record<Step, Latency>>;
  failures: string[];
};

/** How the rows of conversations were updated. */
export type Updates = {
  updates: number;
  /** of the updates, 0 to 1: those that wrote no index entry */
  hotShare: number;
  indexBytes: number;
  /** after a rebuild */
  freshIndexBytes: number;
};

export type Round = { steps: StepCosts; crowds: Crowd[]; updates: Updates; verdict: Verdict };

export const systemNames = ["ours", "reference"] as const;
export type SystemName = (typeof systemNames)[number];
export type SystemReport = { name: SystemName; title: string; rounds: Round[] };

export type Settings = {
  rounds: number;
  seconds: number;
  visits: number;
  websites: number;
  atOnce: number;
  chatting: number;
};
export type Options = Settings & PublishOptions & { only?: SystemName[] };
export type Report = Run & { postgres: string; settings: Settings; systems: SystemReport[] };

/** The middle of a figure over the rounds. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}

/** Server and PostgreSQL, of a whole visit of someone who chats, in milliseconds. */
export const visitCostMs = ({ steps: costs }: Round): number =>
  steps.reduce((sum, { name, times }) => sum + (costs[name].server + costs[name].postgres) * times, 0) / 1000;
