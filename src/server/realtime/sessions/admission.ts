import { AppError } from "#protocol/errors.ts";

export type AdmissionOptions = {
  /** hellos in work at once */
  atOnce?: number;
  /** Beyond as many, hellos are refused. */
  mostWaiting?: number;
  /** One that has waited this long is refused: its client would soon give it up. */
  patienceMs?: number;
};

type Waiting = { since: number; isWanted: () => boolean; begin(): void; refuse(): void };

/** Where there is no room, clients come back over so many milliseconds, each at a moment of its own. */
const retryAfterMs = 2_000;

/**
 * Lets hellos in at the rate at which they are done: after a restart everybody comes back at once, and the database is
 * to see a queue, not a crowd.
 */
export function createAdmission({ atOnce = 256, mostWaiting = 50_000, patienceMs = 30_000 }: AdmissionOptions = {}) {
  /** The first to come are at `first`; a shift of a long array would cost its length. */
  let queue: Waiting[] = [];
  let first = 0;
  let running = 0;

  function next() {
    while (running < atOnce && first < queue.length) {
      const waiting = queue[first++]!;
      if (first === queue.length) [queue, first] = [[], 0];
      if (!waiting.isWanted() || Date.now() - waiting.since > patienceMs) waiting.refuse();
      else {
        running++;
        waiting.begin();
      }
    }
  }

  return {
    status: () => ({ running, waiting: queue.length - first }),

    /**
     * Does the work when its turn has come.
     * @param isWanted  whether anybody still waits for it
     * @throws AppError "overloaded" with `retryAfterMs` when too many wait, or it waited too long
     */
    async admit<Result>(isWanted: () => boolean, work: () => Promise<Result>): Promise<Result> {
      if (queue.length - first >= mostWaiting) throw overloaded();
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
  new AppError("overloaded", "Too many connect at once. Try again in some seconds.", { details: { retryAfterMs } });
