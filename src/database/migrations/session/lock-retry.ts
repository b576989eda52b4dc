import { AppError } from "#protocol/errors.ts";
import { type LockWatch, watchLocks } from "./lock-watch.ts";
import { pause } from "./pause.ts";
import { lockWaitMs, type Session } from "./session.ts";

/** Retries for a lock end after this time. */
const maxRetryMs = 5 * 60_000;
const maxPauseMs = 5_000;
const logEveryMs = 10_000;

/**
 * Retries until the locks are free. Each attempt waits for them only a moment, and the pauses grow: meanwhile other
 * transactions get their locks.
 * @param what  named in the log: "0004_tags"
 * @param attempt  leaves nothing behind if it fails
 * @throws AppError "lock_not_available" naming the holder after `maxMs`; and what attempt throws for other reasons
 */
export async function withLockRetry<T>(
  session: Session,
  what: string,
  attempt: () => Promise<T>,
  maxMs = maxRetryMs,
): Promise<T> {
  const startedAt = Date.now();
  let loggedAt = 0;
  for (let tries = 1; ; tries++) {
    const watch = watchLocks(session);
    try {
      return await attempt();
    } catch (error) {
      await watch.stop();
      if (!isLockFailure(error, watch)) throw error;
      const now = Date.now();
      if (now - startedAt > maxMs) throw giveUp(what, watch, Math.round((now - startedAt) / 1000), error);
      if (now - loggedAt > logEveryMs) {
        session.log.info(`${what} waits for a lock${describe(watch)}; tried ${tries} times`);
        loggedAt = now;
      }
    } finally {
      await watch.stop();
    }
    await pause(pauseMs(tries), session.signal);
  }
}

/** Exponential backoff with ±50% jitter: without jitter it could meet a periodic lock every time. */
const pauseMs = (tries: number) => Math.min(lockWaitMs * 2 ** Math.min(tries, 10), maxPauseMs) * (0.5 + Math.random());

function isLockFailure(error: unknown, watch: LockWatch): boolean {
  const { code } = error as { code?: string };
  const isOurCancel = code === "57014" && watch.isCancelled;
  return code === "55P03" || code === "40P01" || isOurCancel;
}

const describe = ({ wait }: LockWatch) => (wait ? ` on ${wait.table}, held by ${wait.holders}` : "");

const giveUp = (what: string, watch: LockWatch, seconds: number, cause: unknown) =>
  new AppError(
    "lock_not_available",
    `${what} could not get a lock${describe(watch)}, tried for ${seconds} s. End its holder, then start again.`,
    { cause },
  );
