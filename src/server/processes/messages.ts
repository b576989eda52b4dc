import type { Config } from "#platform/config.ts";
import type { ProcessMetrics } from "#platform/metrics/metrics.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { Opened } from "./serve.ts";

/** What the first process and its workers say to each other, in this order; about metrics at any time. */
export type ToWorker =
  | { kind: "take-port"; config: Config; number: number }
  | { kind: "open"; opened: Opened }
  | { kind: "stop" }
  | { kind: "tell-metrics"; ask: number }
  | { kind: "all-metrics"; ask: number; text: string };

export type FromWorker =
  | { kind: "started" }
  | { kind: "listening" }
  | { kind: "serving" }
  /** code: null for what nobody foresaw */
  | { kind: "failed"; code: ErrorCode | null; message: string }
  | { kind: "metrics"; ask: number; metrics: ProcessMetrics }
  | { kind: "ask-metrics"; ask: number };
