import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { recordDeletion, recordErasure, recordUndo } from "./erasures.ts";
import { replayErasures, storeErasures } from "./ledger.ts";

/** The database as it is now, and an older backup of it: here the visitors still are. */
let now: Connection;
let backup: Connection;
let app: App;
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  app = await startApp();
  database = await cloneDatabase();
  const open = (url: string) => connect({ url, poolSize: 2, onError: () => undefined });
  [backup, now] = [open(app.databaseUrl), open(database.url)];
  folder = await mkdtemp(join(tmpdir(), "prochat-ledger-"));
});
afterAll(async () => {
  for (const { close } of [now, backup]) await close();
  await database.drop();
  await app.stop();
  await rm(folder, { recursive: true });
});

const storage = () => openFolder(folder);

const writes = async (body: string) => {
  const { id, visitorId } = (await (await app.visitor()).send(body)).conversation as { id: string; visitorId?: string };
  const { rows } = await app.sql.query("select visitor_id from conversations where id = $1", [id]);
  return { websiteId: app.website.id, visitorId: visitorId ?? (rows[0].visitor_id as string), conversationIds: [id] };
};

/** Of each row, in every table that has something of visitors. */
const hashOf = async (visitorId: string) => {
  const ofTheirs = "conversation_id in (select id from conversations where visitor_id = $1)";
  const { rows } = await app.sql.query(
    `select md5(string_agg(t, '|' order by t)) as hash, count(*)::integer as count
     from (select v::text as t from visitors v where id = $1
       union all select c::text from conversations c where visitor_id = $1
       union all select m::text from messages m where ${ofTheirs}) rows`,
    [visitorId],
  );
  return rows[0] as { hash: string; count: number };
};

const deletedAt = async (table: string, id: string) =>
  (await app.sql.query(`select deleted_at from ${table} where id = $1`, [id])).rows[0]?.deleted_at;

test("an older backup loses the visitors who were erased since; the others stay", async () => {
  const erased = await writes("Erased since");
  const other = await writes("Of somebody else");
  const before = await hashOf(other.visitorId);
  const times = { requestedAt: new Date("2026-01-02T03:04:05.678Z"), erasedAt: new Date("2026-02-03T00:00:00.001Z") };
  await recordErasure(now.db, { ...erased, ...times, removed: { messages: 1 } });
  expect(await storeErasures(now.db, storage())).toBe(1);
  expect(await storeErasures(now.db, storage())).toBe(0);

  expect(await replayErasures(backup.db, storage())).toEqual({ erased: 1, deleted: 0 });
  expect((await hashOf(erased.visitorId)).count).toBe(0);
  expect(await hashOf(other.visitorId)).toEqual(before);
  const { rows } = await app.sql.query("select * from erasures");
  expect(rows).toMatchObject([
    {
      visitor_id: erased.visitorId,
      requested_at: times.requestedAt,
      erased_at: times.erasedAt,
      removed: { visitors: 1, conversations: 1, messages: 1 },
    },
  ]);
  expect(await replayErasures(backup.db, storage())).toEqual({ erased: 0, deleted: 0 });
});

test("a conversation that another visitor had when the backup was made goes too, and so does the visitor", async () => {
  const erased = await writes("From my account");
  const carriedOver = await writes("Before I logged in");
  const conversationIds = [...erased.conversationIds, ...carriedOver.conversationIds];
  const at = new Date();
  await recordErasure(now.db, { ...erased, conversationIds, requestedAt: at, erasedAt: at, removed: {} });
  await storeErasures(now.db, storage());
  await replayErasures(backup.db, storage());
  for (const { visitorId } of [erased, carriedOver]) expect((await hashOf(visitorId)).count).toBe(0);
});

test("who was only deleted since is deleted again, as of that moment; who was brought back is not", async () => {
  const [deleted, back] = [await writes("Deleted since"), await writes("Brought back since")];
  const at = new Date("2026-11-01T00:00:00Z");
  for (const each of [deleted, back]) await recordDeletion(now.db, { ...each, at });
  await storeErasures(now.db, storage());
  await recordUndo(now.db, back);
  expect(await storeErasures(now.db, storage())).toBe(1);
  expect(await storage().head(`erasures/${back.websiteId}/${back.visitorId}.json`)).toBeNull();

  expect(await replayErasures(backup.db, storage())).toEqual({ erased: 0, deleted: 1 });
  expect(await deletedAt("visitors", deleted.visitorId)).toEqual(at);
  expect(await deletedAt("conversations", deleted.conversationIds[0]!)).toEqual(at);
  expect(await deletedAt("visitors", back.visitorId)).toBeNull();
});

test("the object store has ids and times only", async () => {
  const { visitorId, ...rest } = await writes("Ada's secret");
  await recordDeletion(now.db, { visitorId, ...rest, at: new Date() });
  await storeErasures(now.db, storage());
  const key = `erasures/${rest.websiteId}/${visitorId}.json`;
  const entry = JSON.parse((await buffer(await storage().get(key))).toString());
  expect(entry).toEqual({ visitorId, ...rest, requestedAt: expect.any(String), erasedAt: null });
});

test("what changes while it is stored is stored again by the next run", async () => {
  const target = await writes("Changed meanwhile");
  await recordDeletion(now.db, { ...target, at: null });
  const changing: Storage = {
    ...storage(),
    async put(key, body) {
      await recordUndo(now.db, target);
      return storage().put(key, body);
    },
  };
  const isThere = async () => (await storage().head(`erasures/${target.websiteId}/${target.visitorId}.json`)) !== null;
  await storeErasures(now.db, changing);
  expect(await isThere()).toBe(true);
  await storeErasures(now.db, storage());
  expect(await isThere()).toBe(false);
});

test("an entry that cannot be read stops the replay and is named", async () => {
  await storage().put("erasures/1/broken.json", Buffer.from("{"));
  await expect(replayErasures(backup.db, storage())).rejects.toThrow("erasures/1/broken.json");
});
