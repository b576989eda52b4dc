import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { tenantTables, websiteTables } from "./tenant-tables.ts";

type Entry = (typeof tenantTables)[keyof typeof tenantTables];
const entries: [string, Entry][] = Object.entries(tenantTables);
const entryOf = new Map(entries);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test("each table of the schema has an entry, and each entry a table", async () => {
  // Partitions are their table's. The runner keeps its history in every database that it migrates.
  const { rows } = await client.query<{ name: string }>(`
    select table_name as name
    from information_schema.tables
    where table_schema = 'public'
      and table_name not like 'pgmigrations%'
      and not (select relispartition from pg_class where oid = table_name::regclass)`);
  expect(entries.map(([name]) => name).sort()).toEqual(rows.map(({ name }) => name).sort());
});

test("each column is decided once: key, personal, secret or plain", async () => {
  const { rows } = await client.query<{ table: string; columns: string[] }>(`
    select table_name as table, array_agg(column_name::text) as columns
    from information_schema.columns
    where table_schema = 'public'
    group by table_name`);
  const columnsOf = new Map(rows.map(({ table, columns }) => [table, columns]));
  for (const [name, entry] of entries) {
    const { key, personal, plain, secret = [] } = { secret: undefined, ...entry };
    const decided: string[] = [...key, ...personal, ...secret, ...plain];
    expect({ name, columns: decided.sort() }).toEqual({ name, columns: columnsOf.get(name)?.sort() });
  }
});

test("the archive has the columns of messages, in the same order, and their indexes", async () => {
  const describe = async (table: string) => {
    const { rows: columns } = await client.query(
      `select attname, format_type(atttypid, atttypmod) as type, attnotnull
       from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped
       order by attnum`,
      [table],
    );
    const { rows: indexes } = await client.query<{ definition: string }>(
      "select substring(pg_get_indexdef(indexrelid) from ' USING .*') as definition from pg_index where indrelid = $1::regclass",
      [table],
    );
    return { columns, indexes: indexes.map(({ definition }) => definition).sort() };
  };
  expect(await describe("messages_archive")).toEqual(await describe("messages"));
});

test("a website's tables begin their primary key with website_id, and have it in each unique index and foreign key", async () => {
  const { rows: indexes } = await client.query<{ table: string; columns: string[]; isPrimary: boolean }>(`
    select indrelid::regclass::text as table, indisprimary as "isPrimary",
      array(
        select attname::text
        from unnest(indkey::smallint[]) with ordinality as k (attnum, place)
        join pg_attribute on attrelid = indrelid and pg_attribute.attnum = k.attnum
        order by place) as columns
    from pg_index
    where indisunique`);
  for (const { table, columns, isPrimary } of indexes) {
    const entry = entryOf.get(table);
    if (!entry) continue;
    if (isPrimary) expect({ table, key: columns }).toEqual({ table, key: entry.key });
    if (entry.of === "directory" || entry.of === "database") continue;
    expect({ table, columns }).toEqual({ table, columns: expect.arrayContaining(["website_id"]) });
    if (isPrimary) expect({ table, first: columns[0] }).toEqual({ table, first: "website_id" });
  }
});

test("foreign keys lead to earlier entries; between a website's tables they hold website_id", async () => {
  const { rows } = await client.query<{ from: string; to: string; definition: string }>(`
    select conrelid::regclass::text as from, confrelid::regclass::text as to, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype = 'f'
      and conrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`);
  const names = entries.map(([name]) => name);
  for (const { from, to, definition } of rows) {
    expect({ from, to, isEarlier: names.indexOf(to) < names.indexOf(from) }).toEqual({ from, to, isEarlier: true });
    if (["directory", "database"].includes(entryOf.get(to)?.of ?? "")) continue;
    expect({ from, definition }).toEqual({
      from,
      definition: expect.stringMatching(/^FOREIGN KEY \(website_id, .* REFERENCES \w+\(website_id, /),
    });
  }
  expect(rows.length).toBeGreaterThan(0);
});

test("rows of a visitor or a conversation can be found by it, and an erasure leaves nothing personal", () => {
  const subjects = { visitor: "visitor_id", conversation: "conversation_id" };
  for (const [name, entry] of entries) {
    if (entry.of !== "visitor" && entry.of !== "conversation") continue;
    const columns: readonly string[] = [...entry.key, ...entry.plain];
    if (name !== "visitors")
      expect({ name, columns }).toMatchObject({ columns: expect.arrayContaining([subjects[entry.of]]) });
    expect({ name, erase: entry.erase }).not.toEqual({ name, erase: "keep" });
  }
});

test("a website's tables can be emptied in their order", () => {
  expect(websiteTables.indexOf("messages")).toBeLessThan(websiteTables.indexOf("conversations"));
  expect(websiteTables.indexOf("conversations")).toBeLessThan(websiteTables.indexOf("visitors"));
  expect(websiteTables).not.toContain("users");
});
