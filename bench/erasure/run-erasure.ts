import { createHash } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import pg from "pg";
import { type Connection, connect, queryIn } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { archiveOfPerson } from "#database/privacy/archive-of-person.ts";
import { storeErasures } from "#database/privacy/ledger.ts";
import { findInDatabase } from "#database/privacy/traces.ts";
import { indexQueued } from "#database/search/indexer.ts";
import { runOnDay } from "#lab/actors/retention.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { findText } from "#platform/storage/find-text.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { zipEntries } from "#platform/storage/zip-entries.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";
import { markDeleted } from "#server/features/trash/visitor-actions.ts";
import { fill, type Options, type Person, websiteId } from "./people.ts";

export async function runErasure(options: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const report = await measure(setup, options);
    console.log(options.json ? JSON.stringify(report) : describe(report));
  } finally {
    await setup.stop();
  }
}

type Report = Awaited<ReturnType<typeof measure>>;

async function measure(setup: Setup, options: Options) {
  const url = await setup.createDatabase("erasure");
  await migrate(url, { log: silent });
  const client = new pg.Client(url);
  await client.connect();
  const connection = connect({ url, poolSize: 2, onError: () => undefined });
  const storage = openFolder(join(setup.folder, "files"));
  try {
    const { ada, ben } = await fill(client, options);
    const before = await rowsOf(client, ada);
    // The retention itself: old months are exported and dropped, younger ones archived.
    for (const day of [0, 1, 9, 10]) await runOnDay(day, { url, storage });
    const states = await countStates(client);
    const download = await timed(() => archive(connection, storage, ada));
    const differences = compare(before, await rowsOf(client, ada), download.result);
    const others = hash(await archive(connection, storage, ben));
    const tracesBefore = await find(connection, storage, ada);
    const erasure = await timed(() => erase(connection, client, storage, ada));
    const verification = await timed(() => find(connection, storage, ada));
    return {
      ...options,
      states,
      rows: before.length,
      differences,
      downloadSeconds: download.seconds,
      erasureSeconds: erasure.seconds,
      verificationSeconds: verification.seconds,
      tracesBefore: tracesBefore.length,
      tracesAfter: verification.result,
      isOtherUnchanged: hash(await archive(connection, storage, ben)) === others,
    };
  } finally {
    await connection.close();
    await client.end();
  }
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - startedAt) / 1000 };
}

/** Every row of a person with all columns, as PostgreSQL writes them. */
async function rowsOf(client: pg.Client, { id }: Person): Promise<object[]> {
  const ofConversation = "website_id = $1 and conversation_id in (select id from conversations where visitor_id = $2)";
  const { rows } = await client.query(
    `select to_jsonb(v) || '{"type":"visitor"}' as row from visitors v where website_id = $1 and id = $2
     union all
     select to_jsonb(c) || '{"type":"conversation"}' from conversations c where website_id = $1 and visitor_id = $2
     union all
     select to_jsonb(m) || '{"type":"message"}'
     from (select * from messages union all select * from messages_archive) m where ${ofConversation}`,
    [websiteId, id],
  );
  return rows.map(({ row }) => row);
}

async function countStates(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query("select state, count(*)::integer as count from message_months group by state");
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

type Files = Record<string, Record<string, unknown>[]>;

/** The download, unpacked. */
async function archive({ db }: Connection, storage: Storage, { id }: Person): Promise<Files> {
  const zip = await buffer(archiveOfPerson(db, storage, { websiteId, visitorId: id }, []));
  const read = async ({ from, until }: { from: number; until: number }) => Readable.from([zip.subarray(from, until)]);
  const files: Files = {};
  for await (const { name, body } of zipEntries({ sizeBytes: zip.length, read })) {
    const content = await text(body);
    if (name.endsWith(".json")) files[name] = JSON.parse(content);
  }
  return files;
}

/**
 * Compares the download with the tables row by row: what is in the database with what it has now, and the exported rows with
 * what the database had before. @returns what is missing or differs
 */
function compare(before: object[], now: object[], files: Files): string[] {
  const expected = new Map([...before, ...now].map(row => [keyOf(row as Row), row as Row]));
  const found = new Map<string, Row>();
  const typeOf: Record<string, string> = {
    "visitors.json": "visitor",
    "conversations.json": "conversation",
    "messages.json": "message",
    "messages_archive.json": "message",
  };
  for (const [name, type] of Object.entries(typeOf))
    for (const row of files[name] ?? []) found.set(keyOf({ ...row, type }), row);
  for (const row of files["exported.json"] ?? []) if (row.type !== "visitor") found.set(keyOf(row as Row), row as Row);
  const differences = [...expected.keys()].filter(key => !found.has(key)).map(key => `${key} is missing`);
  for (const [key, row] of found) {
    const stored = expected.get(key);
    // A download has the columns that may leave the database.
    const isSame =
      stored && Object.entries(row).every(([name, value]) => JSON.stringify(value) === JSON.stringify(stored[name]));
    if (!isSame) differences.push(`${key} differs`);
  }
  return differences;
}

type Row = Record<string, unknown>;
const keyOf = (row: Row) => [row.type, row.conversation_id ?? row.id, row.type === "message" ? row.seq : ""].join(" ");

const hash = (files: Files) => createHash("sha256").update(JSON.stringify(files)).digest("hex");

/** As the visitor asks, as if 30 days had passed: the purge, and the job that takes them out of exported months. */
async function erase({ db }: Connection, client: pg.Client, storage: Storage, { id }: Person): Promise<void> {
  await db.transaction().execute(tx => markDeleted(tx, { websiteId, visitorId: id, by: null, reason: "" }));
  for (const table of ["visitors", "conversations"]) {
    await client.query(`update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null`);
  }
  await purgeTrash(db);
  await storeErasures(db, storage);
  // A server does it within two seconds.
  while (await indexQueued(db));
}

async function find({ db }: Connection, storage: Storage, { id, markers }: Person): Promise<string[]> {
  const traces = await findInDatabase(queryIn(db), { ids: [id], texts: markers }, () => {});
  const places = traces.map(({ place }) => place);
  const isLedger = (key: string) => key.startsWith("erasures/");
  for await (const { key } of findText(storage, [id, ...markers], isLedger)) places.push(key);
  return places;
}

const describe = (report: Report): string =>
  [
    `${report.rows} rows of a visitor, months: ${Object.entries(report.states)
      .map(([state, count]) => `${count} ${state}`)
      .join(", ")}`,
    `download ${report.downloadSeconds.toFixed(1)} s, ${report.differences.length} differences from the tables`,
    ...report.differences.slice(0, 10),
    `erasure ${report.erasureSeconds.toFixed(1)} s, verification ${report.verificationSeconds.toFixed(1)} s`,
    `found in ${report.tracesBefore} places before, in ${report.tracesAfter.length} after`,
    ...report.tracesAfter,
    `the other visitor ${report.isOtherUnchanged ? "is as before" : "HAS CHANGED"}`,
  ].join("\n");
