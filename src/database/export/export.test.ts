import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { columnsOf as exportedColumns } from "./columns.ts";
import { withoutFormula } from "./csv.ts";
import { type ExportFormat, exportFormats, exportRows } from "./export.ts";
import type { ExportedTable, Scope } from "./scope.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function exported(scope: Scope, format: ExportFormat, table: ExportedTable | null = null, isGzipped = false) {
  const client = await connectDirectly(app.databaseUrl);
  try {
    return await buffer(exportRows(client, { scope, format, table, isGzipped }));
  } finally {
    await client.end();
  }
}

/** Bodies that formats and programs are known to break. */
const bodies = [
  "a \\ backslash, \\n, \\u0041 and C:\\new\\table",
  "two\nlines, \r\nthree, \ttabs\u2028and\u2029separators",
  'quotes " "" \' ` and, commas; too',
  "emoji 👩‍👩‍👧‍👦 🇮🇩, é ü 上海 привет",
  "right to left \u202eabc\u202c \u200fשלום\u200e مرحبا",
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-1-1",
  "@SUM(A1)",
  "\tafter a tab",
  "\rafter a return",
  "＝1＋1",
  "-12.5",
  "+62 812 345",
  "\\.",
  "\u0001\u0002 control",
  " ",
  "x".repeat(10_000),
  '{"json": "in a body"}',
  "</script><!--",
];

/** A conversation with all the bodies, as the tables have it. */
async function difficultConversation() {
  const scene = await app.scene();
  const { conversationId } = scene;
  for (const [i, body] of bodies.entries()) {
    await app.sql.query(
      `insert into messages (website_id, conversation_id, seq, id, kind, author, author_id, body, details, edited_at)
       values ($1, $2, $3, gen_random_uuid(), $4, 'agent', $5, $6, $7, $8)`,
      [
        app.website.id,
        conversationId,
        i + 2,
        i % 2 ? "text" : "note",
        i % 3 ? randomUUID() : null,
        body,
        i % 4 ? null : JSON.stringify({ text: body, list: [1, null, true] }),
        i % 2 ? "2026-11-29 10:00:00.123456+00" : null,
      ],
    );
  }
  await app.sql.query(
    `update visitors set name = $3, attributes = $4, page_url = 'https://shop.example/?a=b,c' where website_id = $1
     and id = (select visitor_id from conversations where website_id = $1 and id = $2)`,
    [app.website.id, conversationId, '=HYPERLINK("x")', JSON.stringify({ plan: '"pro"\n\\', n: 1.5 })],
  );
  return { ...scene, scope: { kind: "conversation", websiteId: app.website.id, conversationId } as const };
}

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** The rows of a conversation as the driver reads them, which is another way than that of the export. */
async function rowsOf(table: ExportedTable, conversationId: string) {
  const condition = {
    messages: "conversation_id = $2",
    conversations: "id = $2",
    visitors: "id = (select visitor_id from conversations c where c.website_id = $1 and c.id = $2)",
  }[table];
  const order = table === "messages" ? "order by seq" : "";
  const { rows } = await app.sql.query(
    `select *, (extract(epoch from ${table === "visitors" ? "first_seen_at" : "created_at"}) * 1000000)::bigint as micros
     from ${table} where website_id = $1 and ${condition} ${order}`,
    [app.website.id, conversationId],
  );
  return rows;
}

const left = [
  "website_id",
  "deleted_at",
  "deleted_by",
  "deletion_reason",
  "deleted_with_visitor",
  "deleted_external_id",
];
const columnsOf = (table: ExportedTable) => {
  const { key, plain, personal } = tenantTables[table];
  return [...key, ...plain, ...personal].filter(column => !left.includes(column));
};

/** A value as JSON has it; times in milliseconds, because the driver has no more. */
const plainOf = (value: unknown): unknown =>
  value instanceof Date ? value.getTime() : JSON.parse(JSON.stringify(value ?? null));

const timeColumn = (name: string) => /(At|Since|Bucket)$/.test(name);
const fromText = (name: string, value: unknown) =>
  timeColumn(name) && typeof value === "string" ? new Date(value).getTime() : value;

async function expectRows(table: ExportedTable, conversationId: string, found: Record<string, unknown>[]) {
  const stored = await rowsOf(table, conversationId);
  const names = columnsOf(table).map(camelCase);
  const expected = stored.map(row =>
    Object.fromEntries(columnsOf(table).map(name => [camelCase(name), plainOf(row[name])])),
  );
  const seen = found.map(row => Object.fromEntries(names.map(name => [name, fromText(name, row[name])])));
  expect(seen).toEqual(expected);
  expect(found.map(row => Object.keys(row).sort())).toEqual(stored.map(() => [...names].sort()));
}

test.each(["visitors", "conversations", "messages"] as const)(
  "each field of %s is exported right as NDJSON",
  async table => {
    const { scope } = await difficultConversation();
    const text = String(await exported(scope, "ndjson", table));
    expect(text.endsWith("\n")).toBe(true);
    await expectRows(
      table,
      scope.conversationId,
      text
        .slice(0, -1)
        .split("\n")
        .map(line => JSON.parse(line)),
    );
  },
);

test("JSON holds the three tables, and their fields", async () => {
  const { scope } = await difficultConversation();
  const found = JSON.parse(String(await exported(scope, "json")));
  for (const table of ["visitors", "conversations", "messages"] as const) {
    await expectRows(table, scope.conversationId, found[table]);
  }
  expect(found.messages.length).toBe(bodies.length + 1);
});

test.each(["visitors", "conversations", "messages"] as const)(
  "a line of %s is what row_to_json() makes of it",
  async table => {
    const { scope } = await difficultConversation();
    const client = await connectDirectly(app.databaseUrl);
    const columns = (await exportedColumns(client, table)).map(({ column, name }) => `x.${column} as "${name}"`);
    await client.end();
    const ofVisitor = "(select c.id from conversations c where c.visitor_id = x.id)";
    const of = { messages: "conversation_id", conversations: "id", visitors: ofVisitor }[table];
    const { rows } = await app.sql.query(
      `select row_to_json(r)::text as line from (select ${columns.join(", ")} from ${table} x where ${of} = $1
       order by ${table === "messages" ? "x.seq" : "x.id"}) r`,
      [scope.conversationId],
    );
    expect(String(await exported(scope, "ndjson", table))).toBe(rows.map(({ line }) => `${line}\n`).join(""));
  },
);

test.each(["visitors", "conversations", "messages"] as const)(
  "each field of %s is read back from Parquet",
  async table => {
    const { scope } = await difficultConversation();
    const bytes = await exported(scope, "parquet", table);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    await expectRows(
      table,
      scope.conversationId,
      rows.map(row => mapValues(row, value => (value instanceof Date ? value.toISOString() : value))),
    );
    // microseconds are kept
    const raw = await parquetReadObjects({ file, utf8: true, parsers: rawTimes });
    const created = table === "visitors" ? "firstSeenAt" : "createdAt";
    expect(raw.map(row => String(row[created]))).toEqual(
      (await rowsOf(table, scope.conversationId)).map(row => row.micros),
    );
  },
);

const rawTimes = { timestampFromMicroseconds: (micros: bigint) => micros } as never;
const mapValues = (row: Record<string, unknown>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]));

test.each(["visitors", "conversations", "messages"] as const)(
  "a spreadsheet reads each field of %s from CSV",
  async table => {
    const { scope } = await difficultConversation();
    const bytes = await exported(scope, "csv", table);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const records = parse(bytes, { bom: true, columns: true, recordDelimiter: "\r\n" }) as Record<string, string>[];
    const stored = await rowsOf(table, scope.conversationId);
    const expected = stored.map(row =>
      Object.fromEntries(
        columnsOf(table).map(column => {
          const value = plainOf(row[column]);
          if (value === null) return [camelCase(column), ""];
          if (row[column] instanceof Date || typeof value === "number") return [camelCase(column), value];
          return [camelCase(column), withoutFormula(typeof value === "string" ? value : JSON.stringify(row[column]))];
        }),
      ),
    );
    const seen = records.map(row =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          if (value !== "" && timeColumn(name)) return [name, new Date(value).getTime()];
          return [name, typeof expected[0]![name] === "number" && value !== "" ? Number(value) : normalJson(value)];
        }),
      ),
    );
    expect(seen).toEqual(expected.map(row => mapValues(row, value => normalJson(value))));
  },
);

/** JSON in a cell may have other spaces than the driver's. */
function normalJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}

test("no cell is a formula, and numbers stay numbers", () => {
  for (const text of [
    "=1",
    "+cmd",
    "-1+1",
    "@x",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1+1",
    "－x",
    "＠x",
    "-",
    "+62 812",
  ]) {
    expect(withoutFormula(text)).toBe(`'${text}`);
  }
  for (const text of ["-12.5", "+3", "-1,000.5", "1e5", "a=b", "", "'x"]) expect(withoutFormula(text)).toBe(text);
});

test("gzip of every format has the same bytes", async () => {
  const { scope } = await difficultConversation();
  for (const format of ["ndjson", "csv"] as const) {
    expect(
      gunzipSync(await exported(scope, format, "messages", true)).equals(await exported(scope, format, "messages")),
    ).toBe(true);
  }
});

test("an export holds what it names and nothing deleted", async () => {
  const one = await app.scene();
  const another = await app.scene();
  const deleted = await app.scene();
  const { message } = await one.visitor.send("To be deleted", { conversationId: one.conversationId });
  await one.visitor.api("DELETE", `/widget/conversations/${one.conversationId}/messages/${message.id}`);
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [deleted.conversationId]);
  const websiteId = app.website.id;
  const { rows } = await app.sql.query(
    "select visitor_id, to_char(created_at, 'YYYY-MM') as month from conversations where id = $1",
    [one.conversationId],
  );
  const period = { from: new Date(Date.now() - 86_400_000), until: new Date(Date.now() + 1_000) };
  const scopes: [Scope, string[]][] = [
    [{ kind: "conversation", websiteId, conversationId: one.conversationId }, [one.conversationId]],
    [{ kind: "visitor", websiteId, visitorId: rows[0].visitor_id }, [one.conversationId]],
    [{ kind: "website", websiteId, ...period }, [one.conversationId, another.conversationId]],
    [{ kind: "month", websiteId, month: rows[0].month }, [one.conversationId, another.conversationId]],
  ];
  for (const [scope, ids] of scopes) {
    for (const format of exportFormats) {
      const text = String(await exported(scope, format));
      expect(text).not.toContain("To be deleted");
      if (format === "parquet") continue; // packed: it comes from the same rows
      for (const id of ids) expect(text).toContain(id);
      expect(text).not.toContain(deleted.conversationId);
      if (ids.length === 1) expect(text).not.toContain(another.conversationId);
    }
  }
  const others: Scope[] = [
    { kind: "conversation", websiteId: websiteId + 1, conversationId: one.conversationId },
    { kind: "visitor", websiteId: websiteId + 1, visitorId: rows[0].visitor_id },
    { kind: "conversation", websiteId, conversationId: deleted.conversationId },
  ];
  for (const scope of others) await expect(exported(scope, "ndjson")).rejects.toMatchObject({ code: "not_found" });
  expect(String(await exported({ kind: "month", websiteId: websiteId + 1, month: rows[0].month }, "ndjson"))).toBe("");
});

test("a month is found by its name in the archive and when it is detached; one that was dropped is named", async () => {
  const { conversationId } = await app.scene();
  const scope = { kind: "conversation", websiteId: app.website.id, conversationId } as const;
  const before = String(await exported(scope, "ndjson"));
  const { rows } = await app.sql.query(
    "select to_char(month, 'YYYY_MM') as name, from_id, until_id from message_months where from_id <= $1 and until_id > $1",
    [conversationId],
  );
  const [{ name, from_id, until_id }] = rows;
  const bounds = `for values from ('${from_id}') to ('${until_id}')`;
  await app.sql.query(`alter table messages detach partition messages_${name}`);
  expect(String(await exported(scope, "ndjson"))).toBe(before);
  await app.sql.query(`alter table messages_archive attach partition messages_${name} ${bounds}`);
  expect(String(await exported(scope, "ndjson"))).toBe(before);
  await app.sql.query("update message_months set state = 'dropped' where from_id = $1", [from_id]);
  await expect(exported(scope, "ndjson")).rejects.toThrow("are not in this database any more");
  await app.sql.query("update message_months set state = 'live' where from_id = $1", [from_id]);
  await app.sql.query(`alter table messages_archive detach partition messages_${name}`);
  await app.sql.query(`alter table messages attach partition messages_${name} ${bounds}`);
});
