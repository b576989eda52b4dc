import { AppError } from "#protocol/errors.ts";
import { type LockWatch, watchLocks } from "./lock-watch.ts";
import { lockWaitMs, pause, type Session } from "./session.ts";

/** How long a lock is tried for before it is given up. */
const patienceMs = 5 * 60_000;
const longestPauseMs = 5_000;
const tellAgainMs = 10_000;

/**
 * Tries until the locks can be had, each time for a moment only, with a growing pause in which all others get theirs.
 * @param what  is done, for the log: "0004_tags"
 * @param attempt  leaves nothing behind when it fails
 * @throws AppError "lock_not_available" naming the holder after `boundMs`, and what attempt throws for other reasons
 */
export async function patiently<T>(
  session: Session,
  what: string,
  attempt: () => Promise<T>,
  boundMs = patienceMs,
): Promise<T> {
  const begun = Date.now();
  let toldAt = 0;
  for (let tries = 1; ; tries++) {
    const watch = watchLocks(session);
    try {
      return await attempt();
    } catch (error) {
      await watch.stop();
      if (!isLockFailure(error, watch)) throw error;
      const now = Date.now();
      if (now - begun > boundMs) throw giveUp(what, watch, Math.round((now - begun) / 1000), error);
      if (now - toldAt > tellAgainMs) {
        session.log.info(`${what} waits for a lock${describe(watch)}; tried ${tries} times`);
        toldAt = now;
      }
    } finally {
      await watch.stop();
    }
    await pause(pauseMs(tries), session.signal);
  }
}

/** Doubling from the time of a try, and by chance half of it more or less: whatever has a rhythm is missed sometimes. */
const pauseMs = (tries: number) =>
  Math.min(lockWaitMs * 2 ** Math.min(tries, 10), longestPauseMs) * (0.5 + Math.random());

function isLockFailure(error: unknown, watch: LockWatch): boolean {
  const { code } = error as { code?: string };
  const isOurCancel = code === "57014" && watch.cancelled;
  return code === "55P03" || code === "40P01" || isOurCancel;
}

const describe = ({ waited }: LockWatch) => (waited ? ` on ${waited.table}, held by ${waited.holders}` : "");

const giveUp = (what: string, watch: LockWatch, seconds: number, cause: unknown) =>
  new AppError(
    "lock_not_available",
    `${what} could not get a lock${describe(watch)}, tried for ${seconds} s. End what holds it, then start again.`,
    { cause },
  );
