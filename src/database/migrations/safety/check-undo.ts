import pg from "pg";
import type { Home } from "#database/migrations/session/home.ts";
import type { Session } from "#database/migrations/session/session.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { AppError } from "#protocol/errors.ts";

/** `prochat migrate` writes to the audit log and makes the next months, also in a database without data. */
const dataWhere: Record<string, string> = {
  audit_log: "action not like 'database.migrat%'",
  message_months: "state <> 'live'",
  // What a server writes down of itself while it runs.
  health_reports: "false",
  health_history: "false",
  health_servers: "false",
  alert_rounds: "false",
  alert_states: "false",
  alerts: "acknowledged_at is not null",
  retention_runs: "false",
  website_sizes: "false",
  backup_heartbeat: "false",
  // How far the words of messages are made, which an undo drops with them.
  search_months: "false",
  search_visitors: "false",
  search_check: "false",
};
const dataOf = (table: string) => (dataWhere[table] ? `${table} where ${dataWhere[table]}` : table);

/**
 * An undo drops what the migration created, with all data in it.
 * @throws AppError "conflict" unless every table of the product is proven empty
 */
export async function refuseDataLoss(client: pg.ClientBase, { schema }: Home): Promise<void> {
  const quoted = pg.escapeIdentifier(schema);
  const { rows: found } = await client.query<{ name: string }>(
    "select name from unnest($1::text[]) as t (name) where to_regclass(format('%I.%I', $2::text, name)) is not null",
    [Object.keys(tenantTables), schema],
  );
  const names = found.map(({ name }) => name);
  if (!names.includes("conversations")) throw refusal(`The schema ${schema} does not have all tables of Pro LiveChat`);
  // With row security, a role that may not see the rows would find none. Now it gets an error.
  await client.query("set row_security = off");
  for (const name of names) {
    const { rows } = await client
      .query<{ found: boolean }>(`select exists (select from ${quoted}.${dataOf(name)}) as found`)
      .catch(cause => {
        throw refusal(`The table ${name} cannot be read (${cause.message})`, cause);
      });
    if (rows[0]!.found) throw refusal(`The table ${schema}.${name} has rows`);
  }
}

const refusal = (why: string, cause?: unknown) =>
  new AppError("conflict", `${why}, and the undo may delete data for ever. Make a backup, then add --yes.`, { cause });

/**
 * A server that runs would fail at what the undo drops. It is known by its role, because the URL may give it another name.
 * One of another installation in this database has a role that may not write here.
 * @throws AppError "conflict" naming another session on this database that may be a Pro LiveChat
 */
export async function refuseRunningServer({ client, monitor, pid }: Session, { schema }: Home): Promise<void> {
  const { rows: own } = await monitor.query<{ pid: number }>("select pg_backend_pid() as pid");
  const { rows } = await client.query<{ pid: number; name: string; address: string; since: string }>(
    `select pid, coalesce(nullif(application_name, ''), 'without a name') as name,
       coalesce(host(client_addr), 'a local socket') as address,
       to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') as since
     from pg_stat_activity
     where datname = current_database()
       and backend_type = 'client backend'
       and (usename = current_user
         or application_name like 'prochat%'
           and has_table_privilege(usesysid, to_regclass(format('%I.conversations', $2::text)), 'insert'))
       and application_name not in ('prochat migrate', 'psql')
       and pid <> all ($1)
     order by backend_start
     limit 1`,
    [[pid, own[0]!.pid], schema],
  );
  const [session] = rows;
  if (!session) return;
  throw new AppError(
    "conflict",
    `A Pro LiveChat may be running: process ${session.pid} of PostgreSQL is connected to this database (${session.name}, ` +
      `from ${session.address}, since ${session.since}). Stop all servers, then undo. If none runs, a connection was left ` +
      `behind; end it: select pg_terminate_backend(${session.pid});`,
  );
}
