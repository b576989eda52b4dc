import type { ErrorCode } from "#protocol/errors.ts";
import type { Config } from "#server/core/config.ts";
import type { Opened } from "#server/serve.ts";

/** What the first process and its workers say to each other, in this order. */
export type ToWorker =
  | { kind: "take-port"; config: Config; number: number }
  | { kind: "open"; opened: Opened }
  | { kind: "stop" };

export type FromWorker =
  | { kind: "started" }
  | { kind: "listening" }
  | { kind: "serving" }
  /** code: null for what nobody foresaw */
  | { kind: "failed"; code: ErrorCode | null; message: string };
