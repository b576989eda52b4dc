import { areBackupsOn } from "#database/backup/schedule/open.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { byThreshold, type Check, type Finding, inTime, ok, perRun, type Source } from "./check.ts";

const day = 86_400;

type Backups = {
  /** since the last backup that succeeded; null: there is none */
  backupSeconds: number | null;
  /** since the last drill that succeeded; null: there is none */
  drillSeconds: number | null;
  /** of the last drill that ended */
  drillOutcome: string | null;
  drillDetail: string | null;
  /** since the newest heartbeat that was found in the archive; null: none was found, or nothing archives now */
  behindSeconds: number | null;
  /** why the archive does not grow */
  problem: string | null;
};

/** A cluster that was restored has a repository of its own: the runs of the one before do not count. */
export const getBackups = defineQuery(
  {
    name: "backups, drills and the archive",
    indexes: ["backup_runs_pkey", "backup_heartbeat_pkey"],
    sample: () => [new Date()],
  },
  async (db: Db, now: Date): Promise<Backups> => {
    const [row] = await sql<Backups>`
      with runs as (
        select kind, outcome, detail, extract(epoch from ${now}::timestamptz - finished_at)::float as seconds
        from backup_runs
        where finished_at is not null
          and repository = (select system_identifier::text from pg_control_system())
            || coalesce('-' || (select id from restores order by restored_at desc, id desc limit 1), '')),
      last_drill as (
        select outcome, detail from runs where kind = 'drill' order by seconds limit 1)
      select
        (select min(seconds) from runs where kind = 'backup' and outcome = 'succeeded') as "backupSeconds",
        (select min(seconds) from runs where kind = 'drill' and outcome = 'succeeded') as "drillSeconds",
        (select outcome from last_drill) as "drillOutcome",
        (select detail from last_drill) as "drillDetail",
        (select extract(epoch from ${now}::timestamptz - recovery_point_at)::float
         from backup_heartbeat
         where beat_at > ${now}::timestamptz - interval '1 minute') as "behindSeconds",
        (select problem from backup_heartbeat where beat_at > ${now}::timestamptz - interval '1 minute') as problem`.rows(
      db,
    );
    return row!;
  },
);

const backups = perRun(({ db, now }) => getBackups(db, now));

/** BACKUPS=off says that something else makes them. */
const whereOn = (look: (found: Backups) => Finding) => async (source: Source) =>
  areBackupsOn(source.config) ? look(await backups(source)) : null;

const neverBackedUp: Finding = {
  level: "warn",
  why: "No backups are made: if this machine is lost, all conversations are lost.",
  fix: "Set S3_BUCKET, or BACKUPS=on, as docs/backups.md says. BACKUPS=off: something else makes them.",
};

function judgeAge({ backupSeconds: value }: Backups): Finding {
  if (value === null) {
    return { level: "warn", why: "There is no backup yet.", fix: "Wait for the first one, or run: npx prochat backup" };
  }
  const level = byThreshold(value, { warn: 26 * 3600, error: 50 * 3600 });
  if (level === "ok") return ok(`The last backup was made ${inTime(value)} ago.`, { value });
  const why = `The last backup was made ${inTime(value)} ago.`;
  return { level, value, why, fix: "The page Backups and the server's log say why the last one failed." };
}

function judgeDrill({ drillSeconds: value, drillOutcome, drillDetail }: Backups): Finding {
  if (drillOutcome === "failed") {
    const fix = "See docs/recovery.md, and restore an older backup into a folder: npx prochat restore --into FOLDER";
    return { level: "error", value, why: `The last restore of a backup failed: ${drillDetail}`, fix };
  }
  if (drillOutcome === "inconclusive") {
    const why = `The last restore of a backup came to no result: ${drillDetail}`;
    return { level: "warn", value, why, fix: "Remove the cause, then run: npx prochat drill" };
  }
  if (value === null) {
    const fix = "Wait for the weekly one, or run: npx prochat drill";
    return { level: "warn", why: "No backup was restored yet to see whether it works.", fix };
  }
  const why = `A backup was restored and checked ${inTime(value)} ago.`;
  const level = value > 8 * day ? "warn" : "ok";
  return { level, value, why, fix: level === "ok" ? null : "Run: npx prochat drill" };
}

function judgeArchive({ behindSeconds: value, problem }: Backups): Finding {
  if (value === null) {
    const why = problem ? `The WAL is not archived: ${problem}` : "The WAL is not archived now.";
    return { level: "warn", why, fix: "The server archives it while it runs; its log says what is wrong." };
  }
  const level = byThreshold(value, { warn: 60, error: 600 });
  const why = `If this machine was lost now, the last ${inTime(value)} would be lost.`;
  return { level, value, why, fix: level === "ok" ? null : (problem ?? "Look whether the store can be reached.") };
}

export const backupChecks: Check[] = [
  {
    ...{ id: "backup-age", title: "Last backup", about: "database", unit: "seconds", healthy: "below 26 hours" },
    metric: "prochat_backup_age_seconds",
    async look(source) {
      if (source.config.backups === null && !areBackupsOn(source.config)) return neverBackedUp;
      return whereOn(judgeAge)(source);
    },
  },
  {
    ...{
      id: "backup-drill",
      title: "Last restore that was tried",
      about: "database",
      unit: "seconds",
      healthy: "below 8 days",
    },
    metric: "prochat_backup_verified_restore_age_seconds",
    look: whereOn(judgeDrill),
  },
  {
    ...{ id: "backup-archive", title: "Copy behind by", about: "database", unit: "seconds", healthy: "below a minute" },
    look: async source => (source.config.backupMethod === "logical" ? null : whereOn(judgeArchive)(source)),
  },
];
