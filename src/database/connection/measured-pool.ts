import pg from "pg";
import type { PoolVitals } from "#platform/vitals.ts";

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
    const end = () => {
      this.waiting.delete(wait);
      this.longestMs = Math.max(this.longestMs, performance.now() - wait.since);
    };
    if (!callback) return super.connect().finally(end);
    super.connect((...results) => {
      end();
      callback(...results);
    });
    return undefined;
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
