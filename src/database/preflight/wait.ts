import { connectDirectly } from "#database/direct-connection.ts";
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
 * @throws AppError "database_unreachable" after `maxMs`, or at once for a reason that does not end by itself, such as a
 *   wrong password; "interrupted" when `signal` is aborted
 */
export async function waitForDatabase(
  url: string,
  { log, signal, maxMs = maxWaitMs }: { log: Log; signal: AbortSignal; maxMs?: number },
): Promise<void> {
  const end = Date.now() + maxMs;
  for (let loggedAt = 0; ; await pause(retryMs, signal)) {
    try {
      const client = await connectDirectly(url);
      return await client.end();
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
  if (!(error instanceof AppError)) return false;
  const { code = "", message = "" } = (error.cause ?? {}) as { code?: string; message?: string };
  return isTransient(error.cause) || notUpYet.has(code) || message === "timeout expired";
}
