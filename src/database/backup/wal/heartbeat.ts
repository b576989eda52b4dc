import type pg from "pg";
import { heartbeatPrefix } from "./heartbeat-record.ts";

export type WrittenHeartbeat = {
  /** of the WAL that PostgreSQL keeps until it is archived */
  keptBytes: number;
  /** null: without a limit */
  maxKeptBytes: number | null;
};

/**
 * Writes a heartbeat: a record in the WAL that carries its time, and the row that says how far the archive is.
 * @param p.recoveryPoint  of the newest heartbeat that was read back from the archive; null: not known
 */
export async function writeHeartbeat(
  client: Pick<pg.Pool, "query">,
  p: { slot: string; at: Date; recoveryPoint: Date | null; problem: string | null },
): Promise<WrittenHeartbeat> {
  const { rows } = await client.query<WrittenHeartbeat>(
    `with emitted as (
       select pg_logical_emit_message(false, '${heartbeatPrefix}', $1::text)
     ),
     kept as (
       select coalesce((
           select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)
           from pg_replication_slots
           where slot_name = $4), 0)::bigint as bytes,
         (select nullif(setting, '-1')::bigint * 1024 * 1024
           from pg_settings
           where name = 'max_slot_wal_keep_size') as max_bytes
     )
     insert into backup_heartbeat (id, beat_at, recovery_point_at, problem, kept_bytes, max_kept_bytes)
     select 1, $1::timestamptz, $2, $3, kept.bytes, kept.max_bytes
     from kept, emitted
     on conflict (id) do update
     set beat_at = excluded.beat_at,
       recovery_point_at = coalesce(excluded.recovery_point_at, backup_heartbeat.recovery_point_at),
       problem = excluded.problem, kept_bytes = excluded.kept_bytes, max_kept_bytes = excluded.max_kept_bytes
     returning kept_bytes::float as "keptBytes", max_kept_bytes::float as "maxKeptBytes"`,
    [p.at.toISOString(), p.recoveryPoint, p.problem, p.slot],
  );
  return rows[0]!;
}

/** The slot of this database: several in one cluster have one each. */
export async function slotOf(client: Pick<pg.Pool, "query">): Promise<string> {
  const { rows } = await client.query<{ slot: string }>(
    "select 'prochat_wal_' || oid as slot from pg_database where datname = current_database()",
  );
  return rows[0]!.slot;
}

export type ArchiveState = WrittenHeartbeat & {
  /** of the last heartbeat, by whichever server */
  beatAt: Date;
  recoveryPointAt: Date | null;
  problem: string | null;
};

/** Null: the WAL was never archived. */
export async function readArchiveState(client: Pick<pg.Pool, "query">): Promise<ArchiveState | null> {
  const { rows } = await client.query<ArchiveState>(`
    select beat_at as "beatAt", recovery_point_at as "recoveryPointAt", problem, kept_bytes::float as "keptBytes",
      max_kept_bytes::float as "maxKeptBytes"
    from backup_heartbeat`);
  return rows[0] ?? null;
}
