import pg from "pg";
import { AppError } from "#protocol/errors.ts";

/** The schema of this program's tables, as a connection finds them. */
export type Home = {
  schema: string;
  /** the schema of the history; null: there is none yet */
  historySchema: string | null;
};

type Candidate = {
  schema: string;
  /** the connection finds names without a schema here */
  isOnPath: boolean;
  /** has the tables that the first migration makes */
  hasTables: boolean;
  history: "none" | "ours" | "of another program";
};

/** The place of a schema that is not on the search path. */
const offPath = 1_000;

/**
 * Finds the schema of this program's tables: the first of the connection's search path that has them, otherwise the one
 * where the connection creates tables. It changes nothing.
 * @param firstMigration  a history without it is of another program
 * @throws AppError "database_refused" if the search path has no schema, or if another program's history is in the way
 */
export async function findHome(client: pg.ClientBase, firstMigration = "0001_chat"): Promise<Home> {
  const candidates = await listCandidates(client, firstMigration);
  const onPath = candidates.filter(each => each.isOnPath);
  const whole = onPath.find(each => each.hasTables && each.history === "ours");
  if (whole) return { schema: whole.schema, historySchema: whole.schema };

  // Earlier versions kept the history in `public`, whatever the schema of the tables was.
  const separate = candidates.find(each => each.schema === "public" && each.history === "ours" && !each.hasTables);
  const tables = onPath.find(each => each.hasTables && each.history === "none");
  if (separate && tables) return { schema: tables.schema, historySchema: "public" };

  const first = onPath[0];
  if (!first) throw await refuseEmptyPath(client);
  if (first.history === "of another program") throw await refuseForeignHistory(client, first.schema);
  return { schema: first.schema, historySchema: first.history === "ours" ? first.schema : null };
}

/** Makes the schema the first of this session's search path: statements find its tables, and create theirs in it. */
export async function enterHome(client: pg.ClientBase, { schema }: Home): Promise<void> {
  await client.query(
    `select set_config('search_path', (
       select string_agg(quote_ident(name), ', ' order by name <> $1, place)
       from unnest(current_schemas(false)) with ordinality as path (name, place)), false)`,
    [schema],
  );
}

/**
 * All by the statement's own snapshot: to_regclass() also finds a table that another server has made since, and the table's
 * columns would be missing.
 */
async function listCandidates(client: pg.ClientBase, firstMigration: string): Promise<Candidate[]> {
  const { rows } = await client.query(
    `select nspname as schema, place < ${offPath} as "isOnPath",
       exists (select from pg_class where relnamespace = home.oid and relname = 'conversations')
         and exists (
           select from pg_proc where pronamespace = home.oid and proname = 'make_message_partitions') as "hasTables",
       history.oid is not null as "hasHistory",
       exists (
         select from pg_attribute
         where attrelid = history.oid and attname = 'run_on'
           and has_table_privilege(attrelid, 'select')) as "isReadable"
     from (
       select name, place from unnest(current_schemas(false)) with ordinality as path (name, place)
       union all
       select 'public', ${offPath} where 'public' <> all (current_schemas(false))
     ) as places
     join pg_namespace as home on nspname = name and has_schema_privilege(home.oid, 'usage')
     left join pg_class as history on history.relnamespace = home.oid and history.relname = 'pgmigrations'
     order by place`,
  );
  const candidates: Candidate[] = [];
  for (const { hasHistory, isReadable, ...row } of rows) {
    const names = hasHistory && isReadable ? await readNames(client, row.schema) : [];
    const isOurs = isReadable && (names.length === 0 || names.includes(firstMigration));
    candidates.push({ ...row, history: !hasHistory ? "none" : isOurs ? "ours" : "of another program" });
  }
  return candidates;
}

async function readNames(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${pg.escapeIdentifier(schema)}.pgmigrations`);
  return rows.map(row => row.name);
}

async function refuseEmptyPath(client: pg.ClientBase): Promise<AppError> {
  const { rows } = await client.query("select current_setting('search_path') as path");
  return new AppError(
    "database_refused",
    `No schema of the search path (${rows[0].path}) exists and may be used. Create one, as the database's owner: ` +
      `${await writeOwnSchema(client)} Nothing was changed.`,
  );
}

async function refuseForeignHistory(client: pg.ClientBase, schema: string): Promise<AppError> {
  return new AppError(
    "database_refused",
    `The table pgmigrations in the schema ${schema} is of another program. Use another database, or give Pro ` +
      `LiveChat a schema of its own: ${await writeOwnSchema(client)} Nothing was changed.`,
  );
}

/** The SQL that gives this connection's role a schema of its own. */
export async function writeOwnSchema(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ sql: string }>(
    `select format('create schema prochat authorization %1$I; alter role %1$I in database %2$I set search_path = prochat;',
       current_user, current_database()) as sql`,
  );
  return rows[0]!.sql;
}
