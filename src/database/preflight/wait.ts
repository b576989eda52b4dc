import { pause } from "#database/migrations/session/pause.ts";
import type { Log } from "#platform/log.ts";
import { isTransient } from "#platform/retry.ts";
import { AppError } from "#protocol/errors.ts";

const maxWaitMs = 120_000;
const retryMs = 500;
const logEveryMs = 15_000;

/** Reasons that end by themselves while a machine or a set of containers starts. */
const notUpYet = new Set(["ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENOENT"]);

/**
 * Waits until the database accepts connections: systemd and Docker Compose start it at the same time as the server.
 * @param ask  uses a connection; runs again while it fails with AppError "database_unreachable"
 * @returns what `ask` returns
 * @throws what `ask` throws: after `maxMs`, or at once for a reason that does not end by itself, such as a wrong password.
 *   AppError "interrupted" when `signal` is aborted
 */
export async function waitForDatabase<T>(
  ask: () => Promise<T>,
  { log, signal, maxMs = maxWaitMs }: { log: Log; signal: AbortSignal; maxMs?: number },
): Promise<T> {
  const end = Date.now() + maxMs;
  for (let loggedAt = 0; ; await pause(retryMs, signal)) {
    try {
      return await ask();
    } catch (error) {
      if (!isNotUpYet(error) || Date.now() > end) throw error;
      if (Date.now() - loggedAt < logEveryMs) continue;
      loggedAt = Date.now();
      const seconds = Math.ceil((end - loggedAt) / 1000);
      log.warn(`Waiting for the database, for ${seconds} s more. ${(error as AppError).message}`);
    }
  }
}

function isNotUpYet(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== "database_unreachable") return false;
  const { code = "", message = "" } = (error.cause ?? {}) as { code?: string; message?: string };
  return isTransient(error.cause) || notUpYet.has(code) || message === "timeout expired";
}
