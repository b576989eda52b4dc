import { AppError } from "#protocol/errors.ts";

export type AdmissionOptions = {
  /** hellos in progress at once */
  maxRunning?: number;
  /** Beyond this many waiting hellos, new ones are refused. */
  maxWaiting?: number;
  /** A hello that has waited this long is refused: its client would soon give up. */
  maxWaitMs?: number;
};

type Waiting = { since: number; isWanted: () => boolean; begin(): void; refuse(): void };

/** Retry window sent to refused clients; each retries at a random time within it. */
const retryAfterMs = 2_000;

/**
 * Admits hellos as fast as they finish: after a restart all clients reconnect at once, and the database must see a queue,
 * not a crowd.
 */
export function createAdmission({ maxRunning = 256, maxWaiting = 50_000, maxWaitMs = 30_000 }: AdmissionOptions = {}) {
  /** The oldest is at `first`: shifting a long array would cost its length. */
  let queue: Waiting[] = [];
  let first = 0;
  let running = 0;

  function next() {
    while (running < maxRunning && first < queue.length) {
      const waiting = queue[first++]!;
      if (first === queue.length) [queue, first] = [[], 0];
      if (!waiting.isWanted() || Date.now() - waiting.since > maxWaitMs) waiting.refuse();
      else {
        running++;
        waiting.begin();
      }
    }
  }

  return {
    status: () => ({ running, waiting: queue.length - first }),

    /**
     * Runs the work when it is admitted.
     * @param isWanted  whether its client still waits
     * @throws AppError "overloaded" with `retryAfterMs` when too many wait, or it waited too long
     */
    async admit<Result>(isWanted: () => boolean, work: () => Promise<Result>): Promise<Result> {
      if (queue.length - first >= maxWaiting) throw overloaded();
      await new Promise<void>((begin, reject) => {
        queue.push({ since: Date.now(), isWanted, begin, refuse: () => reject(overloaded()) });
        next();
      });
      try {
        return await work();
      } finally {
        running--;
        next();
      }
    },
  };
}

const overloaded = () =>
  new AppError("overloaded", "Too many clients connect at once. Try again in some seconds.", {
    details: { retryAfterMs },
  });
