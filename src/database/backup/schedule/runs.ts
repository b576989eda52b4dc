import type pg from "pg";
import { uuidv7 } from "uuidv7";

export type RunKind = "backup" | "drill";
export type RunReason = "schedule" | "person" | "gap";
export type RunOutcome = "succeeded" | "failed" | "inconclusive";

/** A backup or a drill that was asked for. */
export type Run = {
  id: string;
  kind: RunKind;
  reason: RunReason;
  /** null: it waits */
  startedAt: Date | null;
  finishedAt: Date | null;
  doneBytes: number;
  totalBytes: number;
  /** null: it has not ended */
  outcome: RunOutcome | null;
  /** why it did not succeed */
  detail: string | null;
  backupId: string | null;
};

/** The job that starts runs. Added when somebody asks for one, so that it begins at once. */
export const runBackupsJob = "run-backups";

type Client = Pick<pg.Pool, "query">;

/** A run says so more often than this. One that does not belongs to a server that was killed. */
const lostAfter = "interval '2 minutes'";

const columns = `id, kind, reason, started_at as "startedAt", finished_at as "finishedAt", done_bytes::float as "doneBytes",
  total_bytes::float as "totalBytes", outcome, detail, backup_id as "backupId"`;

/** Asks for a run. @returns the id of the one that waits already, if there is one of its kind */
export async function requestRun(
  client: Client,
  p: { repository: string; kind: RunKind; reason: RunReason; by: string | null },
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `with waiting as (
       select id from backup_runs where repository = $2 and kind = $3 and started_at is null order by id limit 1
     ),
     inserted as (
       insert into backup_runs (id, repository, kind, reason, requested_by)
       select $1, $2, $3, $4, $5
       where not exists (select from waiting)
       returning id
     )
     select id from waiting union all select id from inserted`,
    [uuidv7(), p.repository, p.kind, p.reason, p.by],
  );
  return rows[0]!.id;
}

/** Ends the runs of servers that were killed. */
export async function endLostRuns(client: Client): Promise<void> {
  await client.query(`
    update backup_runs
    set finished_at = now(), outcome = 'failed', detail = 'The server ended while it ran.'
    where started_at is not null and finished_at is null and progress_at < now() - ${lostAfter}`);
}

/** Starts the oldest run that waits. Null: none does, or another one runs, here or on another server. */
export async function startNextRun(client: Client, repository: string): Promise<Run | null> {
  try {
    const { rows } = await client.query<Run>(
      `update backup_runs
       set started_at = now(), progress_at = now()
       where id = (select id from backup_runs where repository = $1 and started_at is null order by id limit 1)
       returning ${columns}`,
      [repository],
    );
    return rows[0] ?? null;
  } catch (error) {
    if ((error as { code?: string }).code === "23505") return null; // backup_runs_running
    throw error;
  }
}

/** To be called at least each 30 s while it runs. */
export async function noteProgress(
  client: Client,
  id: string,
  p: { bytes: number; totalBytes: number },
): Promise<void> {
  const values = [id, Math.round(p.bytes), Math.round(p.totalBytes)];
  await client.query(
    "update backup_runs set progress_at = now(), done_bytes = $2, total_bytes = $3 where id = $1",
    values,
  );
}

export async function finishRun(
  client: Client,
  id: string,
  p: { outcome: RunOutcome; detail: string | null; backupId: string | null },
): Promise<void> {
  await client.query(
    "update backup_runs set finished_at = now(), outcome = $2, detail = $3, backup_id = $4 where id = $1",
    [id, p.outcome, p.detail, p.backupId],
  );
}

/** The newest run of a kind that has begun, by outcome if one is given. */
export async function findLastRun(
  client: Client,
  p: { repository: string; kind: RunKind; outcome: RunOutcome | null },
): Promise<Run | null> {
  const { rows } = await client.query<Run>(
    `select ${columns}
     from backup_runs
     where repository = $1 and kind = $2 and started_at is not null and ($3::text is null or outcome = $3)
     order by id desc
     limit 1`,
    [p.repository, p.kind, p.outcome],
  );
  return rows[0] ?? null;
}

/** The newest first. */
export async function listRuns(client: Client, repository: string, limit: number): Promise<Run[]> {
  const { rows } = await client.query<Run>(
    `select ${columns} from backup_runs where repository = $1 order by id desc limit $2`,
    [repository, limit],
  );
  return rows;
}

export async function deleteOldRuns(client: Client): Promise<void> {
  await client.query("delete from backup_runs where finished_at < now() - interval '90 days'");
}
