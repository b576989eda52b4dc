import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { isTransient } from "#platform/retry.ts";
import type { WalArchive } from "./archive.ts";
import { type WrittenHeartbeat, writeHeartbeat } from "./heartbeat.ts";
import { type Gap, type ReceiverStatus, startReceiver } from "./receiver.ts";

const defaultHeartbeatMs = 10_000;
/** A copy that is further behind is an alert: a heartbeat each 10 s, a part each 5 s, and the time to store it. */
const defaultMaxAgeMs = 60_000;

export type ArchivingStatus = ReceiverStatus &
  WrittenHeartbeat & {
    /** null: not known yet */
    recoveryPointAgeMs: number | null;
  };

type Options = {
  /** of a role that may replicate */
  url: string;
  /** for heartbeats */
  pool: pg.Pool;
  archive: WalArchive;
  slot: string;
  log: Log;
  /** default: 10 s */
  heartbeatMs?: number;
  /** when the copy counts as behind; default: 60 s */
  maxAgeMs?: number;
  /** see ArchiverOptions */
  partMs?: number;
  prepare(): Promise<void>;
  onGap(gap: Gap): Promise<void>;
};

export type Archiving = { status(): ArchivingStatus; stop(): Promise<void> };

/** Archives the WAL and measures, with heartbeats, how far the archive is behind. Warns when it is too far. */
export function startArchiving({
  pool,
  slot,
  log,
  heartbeatMs = defaultHeartbeatMs,
  maxAgeMs = defaultMaxAgeMs,
  ...options
}: Options): Archiving {
  const receiver = startReceiver({ ...options, slot, log });
  const startedAt = Date.now();
  let kept: WrittenHeartbeat = { keptBytes: 0, maxKeptBytes: null };
  let isBehind = false;
  let isLarge = false;
  let beating: Promise<void> = Promise.resolve();

  async function beat() {
    const { state, heartbeat, problem } = receiver.status();
    if (state === "elsewhere") return; // that server writes them
    try {
      kept = await writeHeartbeat(pool, { slot, at: new Date(), recoveryPoint: heartbeat, problem });
    } catch (error) {
      // PostgreSQL that is stopping waits until all is archived, and would wait for a store that is away.
      if (isStopping(error)) receiver.disconnect();
      else if (!isTransient(error)) log.warn(`The heartbeat of the backups failed: ${(error as Error).message}`);
    }
    warn();
  }

  function ageMs(): number | null {
    const { heartbeat } = receiver.status();
    return heartbeat ? Date.now() - heartbeat.getTime() : null;
  }

  function warn() {
    const age = ageMs() ?? Date.now() - startedAt;
    if (age > maxAgeMs && !isBehind) {
      const why = receiver.status().problem ?? "see prochat doctor";
      log.error(`The copy of the database is ${Math.round(age / 1000)} s behind: ${why}`);
    }
    if (age <= maxAgeMs && isBehind) log.warn("The copy of the database is up to date again.");
    isBehind = age > maxAgeMs;
    const { keptBytes, maxKeptBytes } = kept;
    const wasLarge = isLarge;
    isLarge = maxKeptBytes !== null && keptBytes > maxKeptBytes / 2;
    if (!isLarge || wasLarge) return;
    const [has, max] = [keptBytes, maxKeptBytes!].map(bytes => Math.round(bytes / 1024 / 1024));
    log.error(
      `PostgreSQL keeps ${has} MB of WAL that are not archived yet. At ${max} MB it gives them up, and a new backup is made.`,
    );
  }

  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, heartbeatMs);
  beating = beat();
  return {
    status: () => ({ ...receiver.status(), ...kept, recoveryPointAgeMs: ageMs() }),
    async stop() {
      clearInterval(timer);
      await beating;
      await receiver.stop();
    },
  };
}

/** admin_shutdown, and cannot_connect_now */
const isStopping = (error: unknown) => /^57P0[13]$/.test((error as { code?: string }).code ?? "");
