import type pg from "pg";
import { type ListedBackup, listBackups } from "#database/backup/repository.ts";
import { readArchiveState } from "#database/backup/wal/heartbeat.ts";
import { parseLsn } from "#database/backup/wal/positions.ts";
import { findReach, listStored, type Stored } from "#database/backup/wal/reach.ts";
import type { Config } from "#platform/config.ts";
import type { BackupEntry, BackupOverview } from "#protocol/backups.ts";
import { AppError } from "#protocol/errors.ts";
import { nextDaily } from "./due.ts";
import { areBackupsOn, type Backups, openBackups } from "./open.ts";
import { listRuns } from "./runs.ts";

const runCount = 20;

/** What is known of the backups, from the store and from the database. A store that is away is said, not thrown. */
export async function readOverview(config: Config, pool: Pick<pg.Pool, "query">): Promise<BackupOverview> {
  const backups = await openBackups(config, pool);
  const { name, storage } = backups.repository;
  const isOn = areBackupsOn(config);
  const daily = { time: config.backupTime, timeZone: config.backupTimeZone };
  const [runs, state] = await Promise.all([listRuns(pool, name, runCount), readArchiveState(pool)]);
  const moment = (at: Date | null) => at?.toISOString() ?? null;
  return {
    isOn,
    archivesWal: isOn && config.backupMethod !== "logical",
    place: storage.description,
    isOffSite: config.s3 !== null,
    ...(await readStore(backups, state?.recoveryPointAt ?? null)),
    runs: runs.map(run => ({ ...run, startedAt: moment(run.startedAt), finishedAt: moment(run.finishedAt) })),
    wal: state && { ...state, beatAt: state.beatAt.toISOString(), recoveryPointAt: moment(state.recoveryPointAt) },
    nextAt: isOn ? nextDaily(daily, new Date()).toISOString() : null,
  };
}

type InStore = Pick<BackupOverview, "backups" | "damaged" | "storeProblem">;

async function readStore({ repository, archive }: Backups, recoveryPoint: Date | null): Promise<InStore> {
  try {
    const { backups, damaged } = await listBackups(repository);
    const stored = new Map<number, Stored[]>();
    for (const timeline of new Set(backups.map(({ manifest }) => manifest.timeline)))
      stored.set(timeline, await listStored(archive, timeline));
    return {
      storeProblem: null,
      backups: backups.map(backup => asEntry(backup, stored.get(backup.manifest.timeline)!, recoveryPoint)),
      damaged: damaged.map(({ id, reason }) => ({ id, reason })),
    };
  } catch (error) {
    if (!(error instanceof AppError && error.code === "storage_unavailable")) throw error;
    return { storeProblem: error.message, backups: [], damaged: [] };
  }
}

const onlyItself = { until: null, missing: null };

function asEntry(
  { id, manifest, sizeBytes, verifications, walVerification }: ListedBackup,
  stored: Stored[],
  recoveryPoint: Date | null,
): BackupEntry {
  const { timeline, startLsn, segmentBytes } = manifest;
  const isDump = manifest.kind === "logical";
  const from = parseLsn(startLsn);
  const { until, missing } = isDump ? onlyItself : findReach(stored, { timeline, from, segmentBytes });
  // Without a gap it reaches to the newest heartbeat that was read back. The time of a file is not as exact.
  const reach = missing === null && until !== null && recoveryPoint ? recoveryPoint : until;
  const lastBy = (by: "verify" | "drill") => verifications.find(each => each.by === by) ?? null;
  return {
    id,
    kind: manifest.kind,
    startedAt: manifest.startedAt,
    finishedAt: manifest.finishedAt,
    sizeBytes,
    isEncrypted: manifest.encryption !== null,
    keepUntil: manifest.keepUntil,
    restorableUntil: reach && reach.toISOString() > manifest.finishedAt ? reach.toISOString() : null,
    missing,
    readBack: lastBy("verify"),
    walProblem: walVerification?.reason ?? null,
    drill: lastBy("drill"),
  };
}
