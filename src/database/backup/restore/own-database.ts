import pg from "pg";
import type { ListedBackup } from "#database/backup/repository.ts";
import { isRestoring, restoringTable } from "#database/preflight/restoring.ts";
import { AppError } from "#protocol/errors.ts";
import { dumpOf } from "./load-dump.ts";

/**
 * Prepares a database that somebody else runs for a dump. It must have nothing of ours. From now on no server opens it, until
 * finishDatabase().
 * @throws AppError "conflict" with what to do; nothing was changed
 */
export async function prepareDatabase(client: pg.Client, backup: ListedBackup): Promise<void> {
  const { homeSchema, jobsSchema } = dumpOf(backup.manifest);
  const { rows } = await client.query<{ database: string; role: string; schema: string | null; major: number }>(`
    select current_database() as database, current_user as role, current_schema() as schema,
      current_setting('server_version_num')::integer / 10000 as major`);
  const { database, role, schema, major } = rows[0]!;
  const refuse = (why: string) => new AppError("conflict", `${why} Nothing was changed.`);
  const { postgresMajor } = backup.manifest;
  if (major < postgresMajor)
    throw refuse(
      `The backup is of PostgreSQL ${postgresMajor}, and the database ${database} of ${major}. Restore into a newer one.`,
    );
  if (schema !== homeSchema) {
    const [home, user, name] = [homeSchema, role, database].map(pg.escapeIdentifier);
    throw refuse(
      `The backup's tables are in the schema ${homeSchema}, and the database ${database} opens ${schema ?? "no schema"}. Run in it: ` +
        `create schema if not exists ${home} authorization ${user}; alter role ${user} in database ${name} set search_path = ${home};`,
    );
  }
  if (await isRestoring(client)) await emptyDatabase(client, backup);
  const found = await findOwnTables(client, homeSchema, jobsSchema);
  if (found.length > 0) {
    throw refuse(
      `The database ${database} has tables already, such as ${found[0]}. Live data is never replaced there: create an empty ` +
        "database, restore into it, and then set DATABASE_URL to it.",
    );
  }
  await client.query(`create table ${pg.escapeIdentifier(homeSchema)}.${restoringTable} (backup_id text)`);
}

async function findOwnTables(client: pg.Client, home: string, jobs: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name
     from pg_class c
     join pg_namespace n on n.oid = relnamespace
     where nspname in ($1, $2) and relkind in ('r', 'p', 'v', 'm')
       and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
     order by name
     limit 1`,
    [home, jobs],
  );
  return rows.map(({ name }) => name);
}

/** Opens it: the last step of a restore. */
export const finishDatabase = async (client: pg.Client, { manifest }: ListedBackup): Promise<void> => {
  await client.query(`drop table ${pg.escapeIdentifier(dumpOf(manifest).homeSchema)}.${restoringTable}`);
};

/** Removes what a restore that did not end has loaded. There was nothing else in these schemas: prepareDatabase(). */
export async function emptyDatabase(client: pg.Client, { manifest }: ListedBackup): Promise<void> {
  const { homeSchema, jobsSchema } = dumpOf(manifest);
  await client.query(`drop schema if exists ${pg.escapeIdentifier(jobsSchema)} cascade`);
  const { rows } = await client.query<{ drop: string }>(
    `select format('drop %s if exists %s cascade', case relkind when 'v' then 'view' when 'm' then 'materialized view'
         when 'S' then 'sequence' else 'table' end, c.oid::regclass) as drop
     from pg_class c
     where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') and not relispartition
       and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
     union all
     select format('drop routine if exists %s cascade', p.oid::regprocedure)
     from pg_proc p
     where pronamespace = $1::regnamespace
       and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
     union all
     select format('drop type if exists %s cascade', t.oid::regtype)
     from pg_type t
     where typnamespace = $1::regnamespace and typtype in ('e', 'd')
       and not exists (select from pg_depend where objid = t.oid and deptype = 'e')`,
    [pg.escapeIdentifier(homeSchema)],
  );
  for (const { drop } of rows) await client.query(drop);
}
