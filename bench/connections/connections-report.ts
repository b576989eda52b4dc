import type { PublishOptions } from "#bench/report/options.ts";
import type { Run } from "#bench/report/run.ts";
import type { Verdict } from "#lab/load/check.ts";
import type { CpuByPart } from "#lab/load/cpu-by-part.ts";
import type { Latency } from "#lab/load/latency.ts";
import type { Memory } from "#lab/programs/processes.ts";

/** Memory of all server processes, before and after the clients connected. */
export type Held = { connections: number; before: Memory; after: Memory };

export const bytesPerConnection = ({ connections, before, after }: Held, what: keyof Memory) =>
  (after[what] - before[what]) / connections;

/** Number of clients online, by seconds since the beginning. */
export type Curve = [seconds: number, online: number][];

export type Arrival = { seconds: number; perSecond: number; curve: Curve };

export type MessageFigures = {
  requestedPerSecond: number;
  sent: number;
  acknowledged: Latency;
  delivered: Latency;
  failures: string[];
  unfinished: number;
  /** seconds of processor time per second */
  cpu: CpuByPart;
};

export type Restart = {
  signal: "SIGTERM" | "SIGKILL";
  /** until the server responded again */
  serverSeconds: number;
  /** until all clients were back online */
  backSeconds: number;
  /** until each client held what the database holds; null: not within the time limit */
  completeSeconds: number | null;
  back: number;
  curve: Curve;
};

export type Settings = {
  visitors: number;
  processes: number;
  messagesPerSecond: number;
  seconds: number;
  rest: number;
  authors: number;
  agents: number;
  workers: number;
};

export type Options = Omit<Settings, "workers"> & { workers?: number } & PublishOptions;

export type Report = Run & {
  postgres: string;
  settings: Settings;
  floor: Held & { arrival: Arrival };
  held: Held;
  arrival: Arrival;
  /** seconds of processor time per second while no one writes */
  idle: CpuByPart;
  messages: MessageFigures;
  restarts: Restart[];
  /** visitors and agents in all */
  clients: number;
  verdict: Verdict;
};
