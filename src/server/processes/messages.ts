import type { Config } from "#platform/config.ts";
import type { ProcessMetrics } from "#platform/metrics/metrics.ts";
import type { Vitals } from "#platform/vitals.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import type { BroughtBack } from "#server/features/trash/bring-back.ts";
import type { ServeParams } from "./serve.ts";

/** What the primary and its workers send to each other, in this order; messages about metrics and health at any time. */
export type ToWorker =
  | { kind: "listen"; config: Config; number: number }
  | { kind: "open"; params: ServeParams }
  | { kind: "recheck-user"; userId: string }
  | { kind: "brought-back"; what: BroughtBack }
  | { kind: "set-health"; report: HealthReport; queries: HealthQueries }
  | { kind: "get-vitals"; request: number }
  | { kind: "stop" }
  | { kind: "get-metrics"; request: number }
  | { kind: "gathered-metrics"; request: number; text: string };

export type FromWorker =
  | { kind: "started" }
  | { kind: "listening" }
  | { kind: "serving" }
  /** code: null for an unexpected error */
  | { kind: "failed"; code: ErrorCode | null; message: string }
  | { kind: "vitals"; request: number; vitals: Vitals[] }
  | { kind: "metrics"; request: number; metrics: ProcessMetrics }
  | { kind: "gather-metrics"; request: number };
