import type pg from "pg";
import { jobsSchemaOf } from "#database/home-schema.ts";
import { findHome } from "#database/migrations/session/home.ts";
import { AppError } from "#protocol/errors.ts";
import { refuseHalfRestored } from "./restoring.ts";

/** Below this a server cannot start: migrations, the start-up queries and the jobs use so many at once. */
const minConnections = 6;

/**
 * Checks what a server needs of its database beside the tables: the schema of its jobs, and connections.
 * @param needed  connections that the server opens under full load, of all of its processes
 * @returns a warning, or null: with fewer connections than that a server works until its load grows
 * @throws AppError "database_refused" with the line to run; nothing was changed
 */
export async function checkRequirements(client: pg.ClientBase, needed: number): Promise<string | null> {
  await refuseHalfRestored(client);
  await checkJobsSchema(client);
  return checkConnections(client, needed);
}

async function checkJobsSchema(client: pg.ClientBase): Promise<void> {
  const { schema } = await findHome(client);
  const { rows } = await client.query<{
    isAllowed: boolean;
    exists: boolean;
    role: string;
    grant: string;
    own: string;
  }>(
    `select n.oid is not null as exists,
       case when n.oid is null then has_database_privilege(current_database(), 'create')
         else pg_has_role(n.nspowner, 'usage') end as "isAllowed",
       current_user as role,
       format('grant create on database %I to %I;', current_database(), current_user) as grant,
       format('alter schema %I owner to %I;', $1::text, current_user) as own
     from (select 1) as one
     left join pg_namespace n on n.nspname = $1`,
    [jobsSchemaOf(schema)],
  );
  const { isAllowed, exists, role, grant, own } = rows[0]!;
  if (isAllowed) return;
  const name = jobsSchemaOf(schema);
  throw refusal(
    exists
      ? `The schema ${name}, for the nightly jobs, does not belong to the role ${role}. As a superuser run: ${own}`
      : `The role ${role} may not create the schema ${name}, for the nightly jobs. As the database's owner run: ${grant}`,
  );
}

async function checkConnections(client: pg.ClientBase, needed: number): Promise<string | null> {
  const [narrowest] = await listLimits(client);
  // This connection is one of those that are taken, and ends before the others are opened.
  const free = narrowest!.free + 1;
  if (free >= needed) return null;
  const message =
    `The database has ${free} connections left for Pro LiveChat, which uses up to ${needed}. Close others, set a smaller ` +
    `DATABASE_POOL_SIZE, or run: ${narrowest!.sql}`;
  if (free < minConnections) throw refusal(`${message} At least ${minConnections} are needed.`);
  return message;
}

/** The other connections of this role to this database: those of a server that runs. */
export async function countOwnConnections(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`
    select count(*)::integer as count
    from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`);
  return rows[0]!.count;
}

/** What is left of each limit of connections, the least first. Of other roles' sessions only role and database are visible. */
async function listLimits(client: pg.ClientBase): Promise<{ free: number; sql: string }[]> {
  const { rows } = await client.query<{ free: number; sql: string }>(`
    with sessions as (
      select datname, usename from pg_stat_activity where datid is not null and usesysid is not null
    ),
    limits as (
      select current_setting('max_connections')::integer
          - current_setting('superuser_reserved_connections')::integer
          - coalesce(current_setting('reserved_connections', true)::integer, 0) as max,
        (select count(*) from sessions) as used,
        'alter system set max_connections = %s; (and restart PostgreSQL)' as sql
      union all
      select datconnlimit, (select count(*) from sessions where datname = current_database()),
        format('alter database %I connection limit %%s;', datname)
      from pg_database
      where datname = current_database() and datconnlimit >= 0
      union all
      select rolconnlimit, (select count(*) from sessions where usename = current_user),
        format('alter role %I connection limit %%s;', rolname)
      from pg_roles
      where rolname = current_user and rolconnlimit >= 0 and not rolsuper
    )
    select (max - used)::integer as free, format(sql, max * 2 + 20) as sql
    from limits
    order by free`);
  return rows;
}

const refusal = (message: string) => new AppError("database_refused", `${message} Nothing was changed.`);
