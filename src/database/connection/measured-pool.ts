import pg from "pg";
import type { PoolVitals } from "#platform/vitals.ts";
import type { DatabaseClient } from "./client.ts";

type Callback = Parameters<pg.Pool["connect"]>[0];

/** A pool that knows how long queries waited for one of its connections. */
export class MeasuredPool extends pg.Pool {
  private readonly waiting = new Set<{ since: number }>();
  private longestMs = 0;

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const wait = { since: performance.now() };
    this.waiting.add(wait);
    const end = (client: unknown) => {
      this.waiting.delete(wait);
      const waitedMs = performance.now() - wait.since;
      this.longestMs = Math.max(this.longestMs, waitedMs);
      const { clock } = (client ?? {}) as Partial<DatabaseClient>;
      if (clock) clock.waitedMs = waitedMs;
    };
    if (callback) {
      super.connect((error, client, done) => {
        end(client);
        callback(error, client, done);
      });
      return undefined;
    }
    return super.connect().then(
      client => {
        end(client);
        return client;
      },
      error => {
        end(null);
        throw error;
      },
    );
  }

  /** Its condition now, and the longest wait since the last time that it was asked. */
  takeVitals(name: string): PoolVitals {
    const now = performance.now();
    const waits = [...this.waiting].map(({ since }) => now - since);
    const waitedMs = Math.max(this.longestMs, ...waits);
    this.longestMs = 0;
    const { totalCount, idleCount: idle, waitingCount: waiting, options } = this;
    return { name, active: totalCount - idle, idle, waiting, max: options.max, waitedMs };
  }
}
