import type { Registry } from "prom-client";
import type { QueryTimes } from "#platform/metrics/query-times.ts";
import type { Vitals } from "#platform/vitals.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import type { BroughtBack } from "#server/features/trash/bring-back.ts";
import type { ServeParams } from "./serve.ts";

/** The server on its port: this process, or the processes that it watches over. Until it is opened it answers 503. */
export type ServerHandle = {
  port: number;
  /** the metrics of this process, which a scrape returns */
  registry: Registry;
  /** of the statements of this process */
  queries: QueryTimes;
  /** Resolves when it serves. @throws AppError with the next step */
  open(params: ServeParams): Promise<void>;
  /** Closes the sockets of a user whose sessions have ended, in all processes. */
  recheckUser(userId: string): void;
  /** Publishes what the command line has brought back, from all processes. */
  publishBroughtBack(what: BroughtBack): void;
  /** The condition of all processes since the last time that this was called. */
  vitals(): Promise<Vitals[]>;
  /** All processes answer with these from now on. */
  setHealth(report: HealthReport, queries: HealthQueries): void;
  /** Closes the sockets gently, then ends everything; may be called again. */
  stop(): Promise<void>;
};
