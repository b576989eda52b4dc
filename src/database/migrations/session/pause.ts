import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#protocol/errors.ts";

/** Waits, but ends early if the program must stop. @throws AppError "interrupted" */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => throwIfStopped(signal));
}

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError("interrupted", "Stopped while migrating the database. Start again to continue from there.");
}
