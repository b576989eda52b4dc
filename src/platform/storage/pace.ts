import { setTimeout as sleep } from "node:timers/promises";

/** Passes the chunks of a stream on, so that all streams of one pace together do not exceed its rate. */
export type Pace = (body: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

type Clock = { now(): number; wait(ms: number): Promise<unknown> };

const realClock: Clock = { now: () => performance.now(), wait: ms => sleep(ms) };

/** Work that was late catches up for this long at full speed. */
const maxLateMs = 100;
/** A timer is not more exact than this. */
const minWaitMs = 2;

/** @param bytesPerSecond  null: as fast as it goes */
export function createPace(bytesPerSecond: number | null, { now, wait }: Clock = realClock): Pace {
  if (bytesPerSecond === null) return body => body;
  let nextAt = now();
  return async function* paced(body) {
    for await (const chunk of body) {
      // It may change when the next one is asked for: first it is used, then the time is taken.
      yield chunk;
      nextAt = Math.max(nextAt, now() - maxLateMs) + (chunk.length / bytesPerSecond) * 1_000;
      const waitMs = nextAt - now();
      if (waitMs >= minWaitMs) await wait(waitMs);
    }
  };
}
