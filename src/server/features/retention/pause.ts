import { setTimeout as sleep } from "node:timers/promises";

const minPauseMs = 5;

/** As long as the work since a moment took: a busy database gets longer pauses. @param since  of performance.now() */
export const pause = (since: number): Promise<void> => sleep(Math.max(minPauseMs, performance.now() - since));
