import type { Db } from "#database/connect.ts";
import { backupProgram } from "#database/connection/replication.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { worstLevel } from "#protocol/health.ts";
import { byThreshold, type Check, type Finding, growthSince, inBytes, inTime, ok, type Source } from "./check.ts";

type Slot = { name: string; isActive: boolean; status: string | null; bytes: number };

export const listSlots = defineQuery(
  { name: "replication slots and the WAL that they keep", indexes: [], sample: () => [] },
  (db: Db): Promise<Slot[]> =>
    sql<Slot>`
      select slot_name as name, active as "isActive", wal_status as status,
        coalesce(pg_wal_lsn_diff(
          case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
          restart_lsn), 0)::float as bytes
      from pg_replication_slots
      order by bytes desc`.rows(db),
);

type Replica = { name: string; bytes: number; seconds: number };

/**
 * `seconds`: since the primary was where the replica is now, by the positions that earlier runs have stored. PostgreSQL's
 * own replay_lag stands still with the replica. Null instead of a list: this is itself a replica.
 */
export const listReplicas = defineQuery(
  {
    name: "replicas and how far they are behind",
    indexes: ["health_history_pkey"],
    sample: () => [new Date()],
  },
  (db: Db, now: Date): Promise<Replica[]> =>
    sql<Replica>`
      select application_name as name, behind.bytes,
        case when behind.bytes = 0 then 0 else greatest(
          coalesce(extract(epoch from replay_lag), 0),
          coalesce(extract(epoch from ${now}::timestamptz - (
            select max(h.at)
            from health_history h
            where h.period = 'minute'
              and (h.counters->>'walPosition')::float <= pg_wal_lsn_diff(replay_lsn, '0/0')
          ) - interval '1 minute'), 0)) end::float as seconds
      from pg_stat_replication
      cross join lateral (
        select case when pg_is_in_recovery() then 0
          else greatest(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0) end::float as bytes) as behind
      where state = 'streaming'
        and replay_lsn is not null
        and application_name <> ${backupProgram}
      order by seconds desc, behind.bytes desc`.rows(db),
);

/** Where the primary writes now, as a number. */
export const getWalPosition = defineQuery(
  { name: "the position in the WAL", indexes: [], sample: () => [] },
  async (db: Db): Promise<number | null> => {
    const [row] = await sql<{ position: number | null }>`
      select case when pg_is_in_recovery() then null
        else pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') end::float as position`.rows(db);
    return row!.position;
  },
);

type Archiver = { isOn: boolean; seconds: number; isFailing: boolean; isBehind: boolean; failedWal: string | null };

/** `isBehind`: more than three segments of WAL were not archived yet. */
export const getArchiver = defineQuery(
  { name: "the archiver of WAL", indexes: [], sample: () => [new Date()] },
  async (db: Db, now: Date): Promise<Archiver> => {
    const [row] = await sql<Archiver>`
      with segments as (
        select pg_size_bytes(current_setting('wal_segment_size')) as size
      )
      select current_setting('archive_mode') <> 'off' as "isOn",
        extract(epoch from ${now}::timestamptz - greatest(last_archived_time, stats_reset, pg_postmaster_start_time()))::float
          as seconds,
        coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing",
        not pg_is_in_recovery()
          and div(pg_current_wal_lsn() - '0/0', size) - case
            when last_archived_wal ~ '^[0-9A-F]{24}'
            then ('x' || substr(last_archived_wal, 9, 8))::bit(32)::bigint * (4294967296 / size)
              + ('x' || substr(last_archived_wal, 17, 8))::bit(32)::bigint
            else 1 end > 3 as "isBehind",
        last_failed_wal as "failedWal"
      from pg_stat_archiver, segments`.rows(db);
    return { ...row!, seconds: Math.max(0, row!.seconds) };
  },
);

type Checkpoints = { timed: number; requested: number };

/** PostgreSQL 17 moved the counters to another view. */
export const countCheckpoints = defineQuery(
  { name: "checkpoints by time and on request", indexes: [], sample: () => [] },
  async (db: Db): Promise<Checkpoints> => {
    const [version] = await sql<{ number: number }>`
      select current_setting('server_version_num')::integer as number`.rows(db);
    const [row] =
      version!.number >= 170_000
        ? await sql<Checkpoints>`
            select num_timed::float as timed, num_requested::float as requested
            from pg_stat_checkpointer`.rows(db)
        : await sql<Checkpoints>`
            select checkpoints_timed::float as timed, checkpoints_req::float as requested
            from pg_stat_bgwriter`.rows(db);
    return row!;
  },
);

const gigabyte = 1024 ** 3;
const about = "database";

export const walChecks: Check[] = [
  {
    ...{
      id: "slots",
      title: "WAL kept by replication slots",
      about,
      unit: "bytes",
      healthy: "below 1 GB, all slots used",
    },
    metric: "prochat_slot_wal_bytes",
    look: async ({ db }) => judgeSlots(await listSlots(db)),
  },
  {
    ...{ id: "replicas", title: "Delay of replicas", about, unit: "seconds", healthy: "below 30 seconds" },
    metric: "prochat_replica_delay_seconds",
    async look({ db, now }) {
      const position = await getWalPosition(db);
      return {
        ...judgeReplicas(await listReplicas(db, now)),
        ...(position !== null && { counters: { walPosition: position } }),
      };
    },
  },
  {
    ...{ id: "archiver", title: "Last archived WAL", about, unit: "seconds", healthy: "archives without failures" },
    metric: "prochat_archiver_last_success_age_seconds",
    look: async ({ db, now }) => judgeArchiver(await getArchiver(db, now)),
  },
  {
    ...{ id: "checkpoints", title: "Checkpoints on request", about, unit: "percent", healthy: "below half of them" },
    look: judgeCheckpoints,
  },
];

function judgeSlots(slots: Slot[]): Finding {
  const worst = slots.find(({ status }) => status === "lost" || status === "unreserved");
  const inactive = slots.find(({ isActive }) => !isActive);
  const chosen = worst ?? inactive ?? slots[0];
  if (!chosen) return ok("There is no replication slot.", { value: 0 });
  const value = Math.max(...slots.map(({ bytes }) => bytes));
  const facts = slots.map(
    ({ name, isActive, bytes }) => `${name}: ${inBytes(bytes)}${isActive ? "" : ", not used by anything"}`,
  );
  const level = worst ? "error" : byThreshold(value, { warn: gigabyte, error: 10 * gigabyte });
  if (level === "ok" && !inactive)
    return ok(`Slots keep ${inBytes(value)} of WAL for their readers.`, { value, facts });
  return {
    level: level === "ok" ? "warn" : level,
    value,
    why: worst
      ? `The slot ${worst.name} lost WAL that its reader needs: the reader must begin from a new copy.`
      : `The slot ${chosen.name} keeps ${inBytes(chosen.bytes)} of WAL${chosen.isActive ? "" : ", and no program reads from it"}. It grows until the disk is full.`,
    fix: `Start the program that reads from it. If there is none any more, run: select pg_drop_replication_slot('${chosen.name}');`,
    facts,
  };
}

/** A replica that applies WAL and does not catch up is behind in bytes first. */
const replicaBytes = { warn: gigabyte / 4, error: 4 * gigabyte };

function judgeReplicas(replicas: Replica[]): Finding {
  const [slowest] = replicas;
  if (!slowest) return ok("No replica is connected.", { value: 0 });
  const most = Math.max(...replicas.map(({ bytes }) => bytes));
  const level = worstLevel([byThreshold(slowest.seconds, { warn: 30, error: 300 }), byThreshold(most, replicaBytes)]);
  return {
    level,
    value: slowest.seconds,
    why: `The replica ${slowest.name} is ${inTime(slowest.seconds)} and ${inBytes(slowest.bytes)} behind: what it reads is that old.`,
    fix:
      level === "ok"
        ? null
        : "On the replica: select pg_is_wal_replay_paused(); if true, select pg_wal_replay_resume(); Otherwise look at its disk, its network and its long queries.",
    facts: replicas.map(({ name, seconds, bytes }) => `${name}: ${inTime(seconds)}, ${inBytes(bytes)}`),
  };
}

/** By the time of the last success: a counter of failures stays high after the fault has ended. */
function judgeArchiver({ isOn, seconds, isFailing, isBehind, failedWal }: Archiver): Finding {
  if (!isOn) return ok("PostgreSQL archives no WAL by itself (archive_mode = off).");
  if (!isFailing && !(isBehind && seconds > 600))
    return ok(`The archiver works; its last success was ${inTime(seconds)} ago.`, { value: seconds });
  return {
    level: seconds > 600 ? "error" : "warn",
    value: seconds,
    why: `${isFailing ? `Archiving ${failedWal} fails` : "The archiver does not keep up"}; the last success was ${inTime(seconds)} ago. What came later cannot be restored, and WAL fills the disk.`,
    fix: "Find the reason in PostgreSQL's log, and look at the archive_command or archive_library.",
  };
}

async function judgeCheckpoints(source: Source): Promise<Finding> {
  const { timed, requested } = await countCheckpoints(source.db);
  const counters = { checkpointsTimed: timed, checkpointsRequested: requested };
  const [byTime, onRequest] = [
    growthSince(source.earlier, "checkpointsTimed", timed),
    growthSince(source.earlier, "checkpointsRequested", requested),
  ];
  if (byTime === null || onRequest === null)
    return { level: "unknown", why: "Checkpoints are counted from now on.", counters };
  const value = onRequest === 0 ? 0 : (onRequest / (byTime + onRequest)) * 100;
  const isPressed = value >= 50 && onRequest >= 4;
  return {
    level: isPressed ? "warn" : "ok",
    value,
    why: isPressed
      ? `${onRequest} checkpoints of the last hour were forced, because max_wal_size is too small: writes wait for them.`
      : `${byTime + onRequest} checkpoints in the last hour, ${onRequest} of them forced.`,
    fix: isPressed ? "Run: alter system set max_wal_size = '4GB'; select pg_reload_conf();" : null,
    counters,
  };
}
