import type { Run } from "#bench/report/run.ts";
import type { Verdict } from "#lab/load/check.ts";
import type { Latency } from "#lab/load/latency.ts";
import type { Memory } from "#lab/programs/processes.ts";

/** Of the server's processes together. */
export type Held = { connections: number; before: Memory; after: Memory };

export const bytesOf = ({ connections, before, after }: Held, what: keyof Memory) =>
  (after[what] - before[what]) / connections;

/** How many were online when: seconds since the beginning. */
export type Curve = [seconds: number, online: number][];

export type Arrival = { seconds: number; perSecond: number; curve: Curve };

/** Seconds of processor time a second, over some time in which nobody writes. */
export type Load = { server: number; postgres: number; redis: number; generator: number };

export type Talking = {
  asked: number;
  sent: number;
  acknowledged: Latency;
  delivered: Latency;
  failures: string[];
  unfinished: number;
  load: Load;
};

export type Restart = {
  how: "SIGTERM" | "SIGKILL";
  /** until the server answered again */
  serverSeconds: number;
  /** until everybody was back */
  backSeconds: number;
  /** until all held what the database holds; null: they did not within the time that was given */
  completeSeconds: number | null;
  back: number;
  curve: Curve;
};

export type Settings = {
  visitors: number;
  processes: number;
  messagesPerSecond: number;
  seconds: number;
  settle: number;
  talkers: number;
  agents: number;
  workers: number;
};

export type Report = Run & {
  postgres: string;
  settings: Settings;
  floor: Held & { arrival: Arrival };
  held: Held;
  arrival: Arrival;
  idle: Load;
  talking: Talking;
  restarts: Restart[];
  /** visitors and agents in all */
  people: number;
  verdict: Verdict;
};
