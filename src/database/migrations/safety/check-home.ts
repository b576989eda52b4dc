import type pg from "pg";
import { type Home, writeOwnSchema } from "#database/migrations/session/home.ts";
import type { Migration } from "#database/migrations/sql/files.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { AppError } from "#protocol/errors.ts";
import { listCreatedNames } from "./created-names.ts";

/**
 * Checks that this connection may create what migrations and the months' partitions need, and that nothing is in the way.
 * @param pending  the migrations that will run
 * @throws AppError "database_refused" with the SQL to run; nothing was changed
 */
export async function checkHome(client: pg.ClientBase, home: Home, pending: Migration[]): Promise<void> {
  await checkOwner(client, home);
  await checkCreate(client, home);
  await checkHidden(client, home);
  await checkFree(client, home, pending);
}

/** After a restore, tables may belong to the role that restored them. Only their owner may add a partition or a column. */
async function checkOwner(client: pg.ClientBase, { schema }: Home): Promise<void> {
  const { rows } = await client.query<{ owner: string; role: string; sql: string }>(
    `with ours as (
       select c.relowner as owner, format('alter table %I.%I owner to %I;', $1::text, relname, current_user) as sql
       from pg_class c
       where c.relnamespace = to_regnamespace(quote_ident($1))
         and c.relkind in ('r', 'p')
         and (c.relname = any($2) or c.relname like 'pgmigrations%'
           or exists (select from pg_inherits where inhrelid = c.oid and inhparent in (to_regclass(format('%I.messages', $1::text)), to_regclass(format('%I.messages_archive', $1::text)), to_regclass(format('%I.message_search', $1::text)))))
       union all
       select p.proowner, format('alter function %s owner to %I;', p.oid::regprocedure, current_user)
       from pg_proc p
       where p.pronamespace = to_regnamespace(quote_ident($1))
         and p.proname in ('make_message_partitions', 'uuid_floor', 'make_search_months', 'queue_visitor_search')
     )
     select min(owner::regrole::text) as owner, current_user as role, string_agg(sql, ' ' order by sql) as sql
     from ours
     where not pg_has_role(owner, 'usage')
       and to_regclass(format('%I.pgmigrations', $1::text)) is not null
     having count(*) > 0`,
    [schema, Object.keys(tenantTables)],
  );
  const [other] = rows;
  if (!other) return;
  throw refusal(
    `The tables in the schema ${schema} belong to the role ${other.owner}, and ${other.role} may not change them. As ` +
      `${other.owner} or a superuser run: ${other.sql}`,
  );
}

async function checkCreate(client: pg.ClientBase, { schema }: Home): Promise<void> {
  const { rows } = await client.query<{ isAllowed: boolean; role: string; sql: string }>(
    `select has_schema_privilege($1, 'create') as "isAllowed", current_user as role,
       format('grant usage, create on schema %I to %I;', $1::text, current_user) as sql`,
    [schema],
  );
  const { isAllowed, role, sql } = rows[0]!;
  if (isAllowed) return;
  throw refusal(
    `The role ${role} may not create tables in the schema ${schema}. As the database's owner run: ${sql} Or give ` +
      `Pro LiveChat a schema of its own: ${await writeOwnSchema(client)}`,
  );
}

/**
 * A table of the same name in an earlier schema of the search path would be read and written instead of ours.
 * @throws AppError "database_refused"
 */
export async function checkHidden(client: pg.ClientBase, { schema }: Home): Promise<void> {
  const { rows } = await client.query<{ hiding: string; sql: string }>(
    `select string_agg(to_regclass(quote_ident(name))::text || ' in ' || c.relnamespace::regnamespace, ', ') as hiding,
       format('alter role %I in database %I set search_path = %I;', current_user, current_database(), $2::text) as sql
     from (
       select unnest($1::text[])
       union all
       select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
       where inhparent in (to_regclass(format('%I.messages', $2::text)), to_regclass(format('%I.messages_archive', $2::text)), to_regclass(format('%I.message_search', $2::text)))
     ) as t (name)
     join pg_class c on c.oid = to_regclass(quote_ident(name))
     where c.relnamespace <> to_regnamespace(quote_ident($2))
       and to_regclass(format('%I.%I', $2::text, name)) is not null
     having count(*) > 0`,
    [[...Object.keys(tenantTables), "pgmigrations"], schema],
  );
  const [found] = rows;
  if (!found) return;
  throw refusal(
    `The search path finds ${found.hiding} before the tables of Pro LiveChat in the schema ${schema}. Make that schema ` +
      `the first: ${found.sql}`,
  );
}

async function checkFree(client: pg.ClientBase, { schema }: Home, pending: Migration[]): Promise<void> {
  const created = listCreatedNames(pending);
  const { rows } = await client.query<{ name: string }>(
    `select name
     from unnest($2::text[], $3::text[]) with ordinality as t (kind, name, place)
     where case kind
         when 'function' then exists (
           select from pg_proc where proname = name and pronamespace = to_regnamespace(quote_ident($1)))
         else to_regclass(format('%I.%I', $1::text, name)) is not null
           or to_regtype(format('%I.%I', $1::text, name)) is not null
         end
     order by place`,
    [schema, created.map(({ kind }) => kind), created.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  const migration = created.find(({ name }) => name === names[0])?.migration;
  throw refusal(
    `The schema ${schema} already has ${names.join(", ")}, which the migration ${migration} would create: they are of ` +
      `another program. Use another database, or give Pro LiveChat a schema of its own: ${await writeOwnSchema(client)}`,
  );
}

const refusal = (message: string) => new AppError("database_refused", `${message} Nothing was changed.`);
