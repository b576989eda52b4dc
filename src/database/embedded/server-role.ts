import { createHmac } from "node:crypto";
import { connectDirectly } from "#database/direct-connection.ts";

/**
 * Owns the database and all of its objects, and is no superuser: with SQL it can neither read files nor run programs. It may
 * replicate, which backups need: a connection for replication reads the cluster's files, and takes no SQL of the chat.
 */
const serverRole = "prochat_server";

/** The superuser's password cannot be found from it. */
const passwordOf = (superuserPassword: string) =>
  createHmac("sha256", superuserPassword).update(serverRole).digest("base64url");

/** The URL for everything but the start: migrations, the server and the command line. */
export function serverUrl(superuserPassword: string, port: number): string {
  return `postgres://${serverRole}:${passwordOf(superuserPassword)}@127.0.0.1:${port}/prochat`;
}

/**
 * Creates the server's role at the first start, and gives it what earlier versions had made as the superuser.
 * @param superuser.url       of the superuser
 * @param superuser.password  of the superuser
 */
export async function prepareServerRole(superuser: { url: string; password: string }): Promise<void> {
  const client = await connectDirectly(superuser.url);
  try {
    const { rows } = await client.query("select from pg_roles where rolname = $1", [serverRole]);
    await client.query("begin");
    if (rows.length === 0) await client.query(`create role ${serverRole} login`);
    await client.query(
      `alter role ${serverRole} nosuperuser nocreatedb nocreaterole replication password '${passwordOf(superuser.password)}'`,
    );
    await client.query(rights);
    await client.query(handOver);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

/** Statistics of all sessions, and settings such as the data folder; a migration makes an autovacuum give way. */
const rights = `
  grant pg_read_all_stats, pg_read_all_settings to ${serverRole};
  grant set on parameter deadlock_timeout to ${serverRole};
  alter database prochat owner to ${serverRole}`;

/** Changes the owner of all that the superuser owns, except PostgreSQL's own objects and those of extensions. */
const handOver = `
  do $$
  declare
    change text;
  begin
    for change in
      with spaces as (
        select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
      ),
      of_extensions as (
        select objid from pg_depend where deptype = 'e'
      )
      select format('schema %I', nspname)
      from pg_namespace
      where oid in (select oid from spaces) and nspowner = current_user::regrole
      union all
      -- A sequence of a column follows its table.
      select format('%s %s', case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
        else 'table' end, oid::regclass)
      from pg_class
      where relnamespace in (select oid from spaces) and relowner = current_user::regrole
        and relkind in ('r', 'p', 'v', 'm', 'S') and oid not in (select objid from of_extensions)
        and not exists (select from pg_depend where objid = pg_class.oid and relkind = 'S' and deptype in ('a', 'i'))
      union all
      select format('routine %s', oid::regprocedure)
      from pg_proc
      where pronamespace in (select oid from spaces) and proowner = current_user::regrole
        and oid not in (select objid from of_extensions)
      union all
      select format('type %s', oid::regtype)
      from pg_type
      where typnamespace in (select oid from spaces) and typowner = current_user::regrole
        and oid not in (select objid from of_extensions)
        and (typtype in ('e', 'd', 'r') or exists (select from pg_class where oid = typrelid and relkind = 'c'))
    loop
      execute 'alter ' || change || ' owner to ${serverRole}';
    end loop;
  end $$`;
