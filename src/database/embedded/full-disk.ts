import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import type { Postmaster } from "./postmaster.ts";

const retryMs = 2_000;
/** Two segments of the WAL: with less, PostgreSQL would end again soon. */
const minFreeBytes = 32 * 1024 * 1024;

/** True if PostgreSQL cannot go on in this folder. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < minFreeBytes;
}

/**
 * Starts PostgreSQL again after it has ended because its disk was full, when there is space, or because it had lost its
 * recovery. Meanwhile the server lives, answers 503, and can be stopped. If PostgreSQL ends for another reason, `exited`
 * resolves.
 * @param p.start  at the same address
 */
export function restartAfterFullDisk(
  first: Postmaster,
  { folder, start, log }: { folder: string; start: () => Promise<Postmaster>; log: Log },
): Postmaster {
  const stopping = new AbortController();
  let current = first;

  async function supervise(): Promise<number | null> {
    for (;;) {
      const status = await current.exited;
      if (stopping.signal.aborted) return status;
      // The log may have had no space for the reason, or lie on another disk than the WAL.
      if ((await isDiskFull(folder)) || (await current.isDiskFull())) {
        log.error(`The disk of ${folder} is full, and PostgreSQL has ended. It starts again when there is space.`);
      } else if (current.hadLostRecovery()) {
        log.error("PostgreSQL had lost its recovery after a crash, and was ended. It starts again.");
      } else return status;
      const next = await startAgain();
      if (!next) return status;
      log.warn("PostgreSQL runs again, with all that was committed.");
      current = next;
    }
  }

  async function startAgain(): Promise<Postmaster | null> {
    for (;;) {
      await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => {}); // stopped: the next line returns
      if (stopping.signal.aborted) return null;
      if (await isDiskFull(folder)) continue;
      try {
        const next = await start();
        if (!stopping.signal.aborted) return next;
        await next.stop();
      } catch (error) {
        if (error instanceof AppError && error.code === "disk_full") continue;
        log.error(`PostgreSQL could not start again: ${(error as Error).message}`);
        return null;
      }
    }
  }

  const exited = supervise();
  return {
    url: first.url,
    exited,
    isDiskFull: () => current.isDiskFull(),
    hadLostRecovery: () => current.hadLostRecovery(),
    async stop() {
      stopping.abort();
      await current.stop();
      await exited;
    },
  };
}
