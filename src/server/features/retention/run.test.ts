import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { archiveOfPerson } from "#database/privacy/archive-of-person.ts";
import { recordErasure } from "#database/privacy/erasures.ts";
import { storeErasures } from "#database/privacy/ledger.ts";
import { withMonths } from "#database/retention/session.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import { runOnDay } from "#lab/actors/retention.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { keepLog, silent } from "#lab/programs/log.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import { unzip } from "#lab/unzip.ts";
import type { Log } from "#platform/log.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { AgentPage } from "#protocol/messages.ts";
import type { RetentionShown } from "#protocol/retention.ts";

let app: App;
let folder: string;
let website: string;
beforeEach(async () => {
  app = await startApp();
  folder = makeFolder();
  website = `/websites/${app.website.id}`;
});
afterEach(() => app.stop());

const run = (day: number, storage: Storage = openFolder(folder), log: Log = silent) =>
  runOnDay(day, { url: app.databaseUrl, storage, log });
const read = async (conversationId: string) =>
  (await app.owner.api<AgentPage>("GET", `${website}/conversations/${conversationId}/messages`)).messages.map(
    ({ body }) => body,
  );
const stateOf = async (conversationId: string) => {
  const { rows } = await app.sql.query("select state, export_key from message_months where month = $1", [
    `${monthOf(conversationId)}-01`,
  ]);
  return rows[0];
};
const lines = (key: string) =>
  gunzipSync(readFileSync(join(folder, key)))
    .toString()
    .trim()
    .split("\n")
    .map(line => JSON.parse(line));

const texts = ["A back\\slash", 'Quotes " and \n lines', "👋🏽 \u202e=cmd()"];

/** A conversation of 500 days ago. */
async function oldConversation(days = 500): Promise<string> {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send(texts[0]!);
  for (const text of texts.slice(1)) await visitor.send(text, { conversationId: conversation.id });
  return makeOlder(app.sql, conversation.id, days);
}

/** Its month after two nights: exported and detached. */
async function detached(): Promise<string> {
  const id = await oldConversation();
  await run(0);
  await run(1);
  expect((await stateOf(id)).state).toBe("detached");
  return id;
}

test("an old month is archived, exported, detached and dropped; a young one stays", async () => {
  const [old, young] = [await oldConversation(), await oldConversation(20)];
  await allIndexed(app.sql);
  const words = partitionOf(old).replace("messages", "message_search");
  expect((await app.sql.query(`select from ${words}`)).rowCount).toBe(3);
  expect((await run(0)).months.flatMap(({ reached }) => reached)).toEqual([]); // no earlier day agrees
  const { months } = await run(1);
  expect(months.filter(({ reached }) => reached.length > 0)).toMatchObject([
    { month: monthOf(old), reached: ["archived", "exported", "detached"], nextStep: "dropped" },
  ]);
  expect(await read(old)).toEqual(texts);

  expect((await run(7)).months.flatMap(({ reached }) => reached)).toEqual([]); // a week has not passed
  expect((await run(8)).months.flatMap(({ reached }) => reached)).toEqual([]); // it has, and tomorrow agrees
  expect((await run(9)).months.flatMap(({ reached }) => reached)).toEqual(["dropped"]);
  const { state, export_key } = await stateOf(old);
  expect(state).toBe("dropped");
  expect((await app.sql.query("select to_regclass($1) as name", [partitionOf(old)])).rows).toEqual([{ name: null }]);
  expect((await app.sql.query("select to_regclass($1) as name", [words])).rows).toEqual([{ name: null }]);
  await run(10);
  expect((await app.sql.query("select from conversations where id = $1", [old])).rowCount).toBe(0);
  const audit = await app.owner.api<AuditPage>("GET", `${website}/audit?action=conversation.expired`);
  expect(audit.entries).toMatchObject([{ details: { conversations: 1, messages: 0, afterDays: 365 } }]);

  const manifest = JSON.parse(readFileSync(join(folder, export_key), "utf8"));
  expect(manifest).toMatchObject({ month: monthOf(old), files: [{ conversations: 1, messages: 3 }] });
  const exported = lines(manifest.files[0].key);
  expect(exported.map(({ type }) => type)).toEqual(["visitor", "conversation", "message", "message", "message"]);
  expect(exported.slice(2).map(({ body }) => body)).toEqual(texts);
  expect(await read(young)).toEqual(texts);
});

test("a website that is older than the retention keeps everything until an admin confirms that old conversations go", async () => {
  const id = await oldConversation();
  await app.sql.query("update websites set settings = settings - 'isDeletionConfirmed'");
  await app.sql.query(
    "insert into visitors (website_id, id, last_seen_at) values ($1, gen_random_uuid(), now() - interval '2 days')",
    [app.website.id],
  );
  await run(0);
  const { log, lines } = keepLog();
  const { unconfirmed, visitors } = await run(1, undefined, log);
  expect(visitors).toBe(0);
  expect(unconfirmed).toEqual([{ websiteId: app.website.id, deleteAfterDays: 365, due: 1 }]);
  expect(lines).toContainEqual(
    expect.stringContaining(`1 conversations of website ${app.website.id} are older than 365`),
  );
  expect((await stateOf(id)).state).toBe("archived");
  const shown = await app.owner.api<RetentionShown>("GET", `${website}/retention`);
  expect(shown).toMatchObject({ isDeletionConfirmed: false, due: 1 });
  expect(shown.months.find(({ month }) => month === monthOf(id))?.waitsFor).toEqual([
    { reason: "confirmation", websiteId: app.website.id, until: null },
  ]);
  await app.owner.api("PATCH", website, { settings: { isDeletionConfirmed: true } });
  expect(await run(2)).toMatchObject({ unconfirmed: [], visitors: 1 });
  expect((await stateOf(id)).state).toBe("detached");
});

test("a clock that jumped for a night deletes nothing, and what it detached goes back", async () => {
  const young = await oldConversation(20);
  await run(0);
  await run(3000); // the jump
  expect((await stateOf(young)).state).toBe("live");
  await run(3001); // and it stays wrong
  expect((await stateOf(young)).state).toBe("detached");
  await run(2); // right again
  expect((await stateOf(young)).state).toBe("live");
  expect(await read(young)).toEqual(texts);
  const { rows } = await app.sql.query("select count(*)::integer as count from messages where conversation_id = $1", [
    young,
  ]);
  expect(rows).toEqual([{ count: 3 }]);
});

test("a hold in the week of grace brings the month back, and is named until it is lifted", async () => {
  const id = await detached();
  await app.owner.api("POST", `${website}/holds`, { targetKind: "conversation", targetId: id, reason: "A case" });
  const { months } = await run(10);
  expect(months.find(({ month }) => month === monthOf(id))).toMatchObject({
    state: "archived",
    isDue: false,
    waitsFor: [{ reason: "hold", websiteId: app.website.id, holdId: id, until: null }],
  });
  expect(await read(id)).toEqual(texts);
  await app.owner.api("DELETE", `${website}/holds`, { targetId: id, reason: "Closed" });
  await run(11);
  expect((await stateOf(id)).state).toBe("detached");
});

test("a message that is changed in the week of grace is in the export before the month goes", async () => {
  const id = await detached();
  await app.owner.act(id, "resolve");
  await app.sql.query("update conversations set last_message_at = created_at where id = $1", [id]); // as if long ago
  await run(9);
  await run(10); // exports again
  expect((await stateOf(id)).state).toBe("detached");
  await run(11);
  const { state, export_key } = await stateOf(id);
  expect(state).toBe("dropped");
  const { files } = JSON.parse(readFileSync(join(folder, export_key), "utf8"));
  expect(lines(files[0].key).at(-1)).toMatchObject({ kind: "event", seq: 4 });
  expect(readdirSync(join(folder, "months", monthOf(id)))).toHaveLength(1);
});

test.each<[string, (paths: string[]) => void]>([
  ["a flipped byte", ([path]) => writeFileSync(path!, flipped(readFileSync(path!)))],
  ["a cut tail", ([path]) => truncateSync(path!, readFileSync(path!).length - 3)],
  ["a missing object", ([path]) => rmSync(path!)],
  [
    "two swapped objects",
    ([path, other]) => {
      const [bytes, others] = [readFileSync(path!), readFileSync(other!)];
      writeFileSync(path!, others);
      writeFileSync(other!, bytes);
    },
  ],
])("%s in the export stops the deletion, and is an error of the run", async (_what, damage) => {
  const elsewhere = await app.otherWebsite();
  const other = await app.visitor({ websiteKey: elsewhere.website.publicKey });
  const { conversation } = await other.send("On another website");
  await makeOlder(app.sql, conversation.id, 500);
  const id = await detached();
  const { files } = JSON.parse(readFileSync(join(folder, (await stateOf(id)).export_key), "utf8"));
  damage(files.map(({ key }: { key: string }) => join(folder, key)));
  await run(9);
  const { log, lines } = keepLog();
  const { problems } = await run(10, undefined, log);
  expect(problems).toEqual([expect.stringMatching(/^\d{4}-\d\d: The export .* is missing, cut or changed/)]);
  expect(lines).toContainEqual(expect.stringContaining(problems[0]!));
  expect((await stateOf(id)).state).toBe("detached");
  expect(await read(id)).toEqual(texts);
  await run(11); // it was exported again
  expect((await stateOf(id)).state).toBe("dropped");
});

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
}

test("while the storage is down nothing is detached, and the next run goes on", async () => {
  const id = await oldConversation();
  await run(0);
  const down: Storage = { ...openFolder(folder), put: () => Promise.reject(new Error("the store is down")) };
  const { problems } = await run(1, down);
  expect(problems).toEqual([expect.stringContaining("the store is down")]);
  expect((await stateOf(id)).state).toBe("archived");
  await run(2);
  expect((await stateOf(id)).state).toBe("detached");
});

test("of two runs at once one leaves", async () => {
  const signal = new AbortController().signal;
  await withMonths(app.databaseUrl, { log: silent, signal }, async () => {
    await expect(run(0)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/Another run of the retention is at work.* process \d+/),
    });
  });
});

test("a website with a shorter period loses its conversations alone, in batches, and other websites keep theirs", async () => {
  const elsewhere = await app.otherWebsite();
  const other = await app.visitor({ websiteKey: elsewhere.website.publicKey });
  const { conversation } = await other.send("On another website");
  const theirs = await makeOlder(app.sql, conversation.id, 100);
  const [old, held, young] = [await oldConversation(100), await oldConversation(100), await oldConversation(40)];
  const long = await oldConversation(100);
  await app.sql.query(
    `insert into ${partitionOf(long)} (website_id, conversation_id, seq, author, kind, id, body)
     select $1, $2, seq, 'visitor', 'text', gen_random_uuid(), 'Many' from generate_series(4, 2500) as seq`,
    [app.website.id, long],
  );
  await app.sql.query("update conversations set last_seq = 2500 where id = $1", [long]);
  await app.owner.api("POST", `${website}/holds`, { targetKind: "conversation", targetId: held, reason: "A case" });
  await app.owner.api("PATCH", website, { settings: { archiveAfterDays: 30, deleteAfterDays: 60 } });
  await allIndexed(app.sql);
  await run(0);
  const { websites } = await run(1);
  expect(websites).toEqual([
    { websiteId: app.website.id, deleteAfterDays: 60, due: 2, deleted: { conversations: 2, messages: 2503 } },
  ]);
  const { rows } = await app.sql.query("select id from conversations");
  expect(rows.map(({ id }) => id).sort()).toEqual([theirs, held, young].sort());
  const { rows: left } = await app.sql.query(
    "select distinct conversation_id as id from (select * from messages union all select * from messages_archive) m",
  );
  expect(left.map(({ id }) => id).sort()).toEqual([theirs, held, young].sort());
  const { rows: searched } = await app.sql.query("select distinct conversation_id as id from message_search");
  expect(searched.map(({ id }) => id).sort()).toEqual([theirs, held, young].sort());
  const audit = await app.owner.api<AuditPage>("GET", `${website}/audit?action=conversation.expired`);
  expect(audit.entries.length).toBeGreaterThan(0);
  expect(old).not.toBe(held);
});

test("who has no conversation left goes too, unless held, restricted, on the website today, or in a newer conversation", async () => {
  const people = new Map<string, string>();
  const begin = async (name: string, days = 500) => {
    const id = await oldConversation(days);
    const { rows } = await app.sql.query("select visitor_id from conversations where id = $1", [id]);
    people.set(name, rows[0].visitor_id);
  };
  for (const name of ["gone", "held", "restricted", "here"]) await begin(name);
  await begin("writes", 20);
  const idOf = (name: string) => people.get(name)!;
  await app.sql.query("update visitors set last_seen_at = now() - interval '2 days' where id <> $1", [idOf("here")]);
  await app.owner.api("POST", `${website}/visitors/${idOf("restricted")}/restrict`, {});
  await run(0);
  await run(1);
  // Its conversation goes all the same: the hold comes when only the visitor is left.
  await app.sql.query("update message_months set detached_at = now() where state = 'detached'");
  await app.sql.query("delete from conversations where created_at < now() - interval '400 days'");
  await app.owner.api("POST", `${website}/holds`, { targetKind: "visitor", targetId: idOf("held"), reason: "A case" });
  expect((await run(2)).visitors).toBe(1);
  const { rows } = await app.sql.query("select id from visitors");
  expect(rows.map(({ id }) => id).sort()).toEqual(["held", "restricted", "here", "writes"].map(idOf).sort());
  const audit = await app.owner.api<AuditPage>("GET", `${website}/audit?action=visitor.expired`);
  expect(audit.entries.map(({ details }) => details)).toEqual([{ visitors: 1 }]);
});

test("a download and an erasure reach a detached month, and the export of a dropped one", async () => {
  const dropped = await detached();
  const find = async (id: string) =>
    (await app.sql.query("select visitor_id from conversations where id = $1", [id])).rows[0].visitor_id as string;
  const visitorId = await find(dropped);
  const connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
  const download = async () => {
    const zip = archiveOfPerson(connection.db, openFolder(folder), { websiteId: app.website.id, visitorId }, []);
    return unzip(await buffer(zip));
  };
  expect(JSON.parse((await download())["messages_archive.json"]!).map((row: { body: string }) => row.body)).toEqual(
    texts,
  );
  await run(9);
  await run(10);
  expect((await stateOf(dropped)).state).toBe("dropped");
  const files = await download();
  expect(JSON.parse(files["messages_archive.json"]!)).toEqual([]);
  const exported = JSON.parse(files["exported.json"]!) as { type: string; body?: string }[];
  expect(exported.flatMap(({ type, body }) => (type === "message" ? [body] : []))).toEqual(texts);

  const at = new Date();
  const erasure = {
    websiteId: app.website.id,
    visitorId,
    conversationIds: [],
    requestedAt: at,
    erasedAt: at,
    removed: {},
  };
  await recordErasure(connection.db, erasure);
  await storeErasures(connection.db, openFolder(folder));
  expect(JSON.parse((await download())["exported.json"]!)).toEqual([]);
  await connection.close();
});
