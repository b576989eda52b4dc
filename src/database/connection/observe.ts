import type pg from "pg";
import { nameIn } from "#database/statements/query-names.ts";
import type { Observed } from "#platform/metrics/query-times.ts";
import { currentContext } from "#platform/requests/request-context.ts";

export type Observe = (statement: Observed) => void;

type Result = Pick<pg.QueryResult, "rowCount">;

/** Measures the statements of one connection, one after the other. */
export class StatementClock {
  /** set when a pool hands the connection out */
  waitedMs = 0;
  private answeredAt = 0;
  private readonly observe: Observe;

  constructor(observe: Observe) {
    this.observe = observe;
  }

  /** To be called when a statement is sent. @returns is to be called with its answer; null: it failed */
  start(text: string): (result: Result | Result[] | null) => void {
    const query = nameIn(text);
    const context = currentContext();
    const sentAt = performance.now();
    const { waitedMs } = this;
    this.waitedMs = 0;
    const span = context.span?.start(query, "client", { "db.system.name": "postgresql" }) ?? null;
    return result => {
      const now = performance.now();
      // In a pipeline it begins when the one before it has ended.
      const ms = now - Math.max(sentAt, this.answeredAt);
      this.answeredAt = now;
      const rows = result && countRows(result);
      span?.end(rows === null, rows === null ? {} : { "db.response.returned_rows": rows });
      this.observe({ query, ms, waitedMs, rows, context });
    };
  }
}

const countRows = (result: Result | Result[]): number =>
  Array.isArray(result) ? result.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0) : (result.rowCount ?? 0);
