import { types } from "node:util";

/**
 * Lets this process believe that it is later: `new Date()` and `Date.now()`. Timers go on as before.
 * @returns sets the clock right again
 */
export function setClockForward(minutes: number): () => void {
  const Real = globalThis.Date;
  const aheadMs = minutes * 60_000;
  class Later extends Real {
    constructor(...given: unknown[]) {
      if (given.length > 0) super(...(given as [number]));
      else super(Real.now() + aheadMs);
    }
    static override now() {
      return Real.now() + aheadMs;
    }
    /** Dates that were made before are dates too. */
    static override [Symbol.hasInstance](value: unknown) {
      return types.isDate(value);
    }
  }
  globalThis.Date = Later as unknown as DateConstructor;
  return () => {
    globalThis.Date = Real;
  };
}
