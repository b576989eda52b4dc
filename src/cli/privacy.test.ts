import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findRepository } from "#database/backup/repository.ts";
import { type Connection, connect } from "#database/connect.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { storeBackup } from "#lab/backups/stored-backup.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import { unzip } from "#lab/unzip.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

let app: App;
let connection: Connection;
const files = makeFolder;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

const markersOf = (tag: string) => ["body", "name", "attribute", "note", "title"].map(place => `${tag}-of-${place}`);

/** A visitor with a marker in each place where words of theirs are kept. */
async function person(tag: string) {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send(`${tag}-of-body with "quotes" and \\ in it`);
  const path = `/websites/${app.website.id}/conversations/${conversation.id}`;
  const { visitor: shown } = await app.owner.api<ConversationShown>("GET", path);
  await app.owner.api("PATCH", `/websites/${app.website.id}/visitors/${shown.id}`, {
    name: `${tag}-of-name`,
    attributes: { plan: `${tag}-of-attribute` },
  });
  await app.owner.send(conversation.id, `${tag}-of-note`, { kind: "note" });
  await app.sql.query("update visitors set page_title = $1 where id = $2", [`${tag}-of-title`, shown.id]);
  return { visitorId: shown.id, conversationId: conversation.id };
}

const run = (dataDir: string, ...args: string[]) =>
  runCli(["privacy", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: dataDir } });

type Verified = { erasedAt: string | null; traces: { place: string }[]; backups: { id: string }[] };

const verify = async (dataDir: string, visitorId: string) => {
  const { code, stdout, stderr } = await run(dataDir, "verify", visitorId, "--json", "--text", ...markersOf("Ada"));
  if (!stdout) throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Verified) };
};

test("the export is a zip of everything, for its owner's eyes only", async () => {
  const { visitorId } = await person("Ben");
  const output = join(files(), "data.zip");
  expect(await run(files(), "export", visitorId, "--output", output)).toMatchObject({ code: 0 });
  const texts = Object.values(await unzip(readFileSync(output))).join();
  for (const marker of markersOf("Ben")) expect(texts).toContain(marker);
  const unknown = await run(files(), "export", "019ad0d4-2f30-7000-8000-000000000000", "--output", output);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("Nothing is kept")]);
});

test("verify finds a person wherever they are, and nothing after the erasure; others stay as they are", async () => {
  const dataDir = files();
  const { visitorId, conversationId } = await person("Ada");
  const other = (await (await app.visitor()).send("Of somebody else")).conversation.id;
  const hash = async () =>
    (await app.sql.query("select md5(string_agg(m::text, '|')) from messages m where conversation_id = $1", [other]))
      .rows;
  const before = await hash();
  await app.sql.query("create statistics of_several (mcv) on name, page_title from visitors");
  await app.sql.query(`create statistics of_expression on (lower(name)) from visitors`);
  await allIndexed(app.sql);
  await app.sql.query("analyze");
  const jobs = await findJobsSchema(app.sql);
  await app.sql.query(`select ${jobs}.add_job('a-job', json_build_object('body', 'Ada-of-body'))`);
  const exports = join(dataDir, "files/exports");
  mkdirSync(exports, { recursive: true });
  const made = ["made.ndjson.gz", "made.zip", "made.parquet"].map(name => join(exports, name));
  writeFileSync(made[0]!, gzipSync(`{"body":"ada-OF-body"}`));
  expect(await run(dataDir, "export", visitorId, "--output", made[1]!)).toMatchObject({ code: 0 });
  const ofVisitor = ["export", "--website", String(app.website.id), "--visitor", visitorId];
  const parquet = await runCli([...ofVisitor, "--output", made[2]!], {
    env: { DATABASE_URL: app.databaseUrl, DATA_DIR: dataDir },
  });
  expect(parquet).toMatchObject({ code: 0 });
  const left = await verify(dataDir, visitorId);
  expect(left.code).toBe(1);
  const places = left.traces.map(({ place }) => place.replace(/_\d{4}_\d\d/, "")).join("\n");
  for (const place of [
    ...["table public.visitors", "table public.conversations", "table public.messages", "._private_jobs"],
    ...["exports/made.ndjson.gz", "exports/made.zip", "exports/made.parquet"],
    ...["statistics of public.visitors.name", "statistics public.of_several", "statistics public.of_expression"],
  ]) {
    expect(places).toContain(place);
  }
  for (const table of ["message_search_\\d{4}_\\d\\d", "visitor_search"]) {
    expect(left.traces).toContainEqual(
      expect.objectContaining({ place: expect.stringMatching(`^table public.${table}$`) }),
    );
  }

  expect(JSON.parse((await run(dataDir, "delete", visitorId, "--dry-run", "--json")).stdout)).toMatchObject({
    conversations: 1,
  });
  const unconfirmed = await run(dataDir, "delete", visitorId, "--confirm", "2");
  expect([unconfirmed.code, unconfirmed.stderr]).toEqual([1, expect.stringContaining("--confirm 1")]);
  const deleted = await run(dataDir, "delete", visitorId, "--confirm", "1", "--json");
  expect(JSON.parse(deleted.stdout)).toMatchObject({ visitorId, conversations: 1 });
  expect(readFileSync(join(dataDir, `files/erasures/${app.website.id}/${visitorId}.json`), "utf8")).toContain(
    conversationId,
  );
  for (const table of ["visitors", "conversations"]) {
    await app.sql.query(`update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null`);
  }
  await app.sql.query(`delete from ${jobs}._private_jobs where payload::text like '%Ada%'`);
  await purgeTrash(connection.db);
  expect((await app.sql.query("select from message_search where conversation_id = $1", [conversationId])).rows).toEqual(
    [],
  );
  expect(await verify(dataDir, visitorId)).toMatchObject({
    code: 1,
    erasedAt: expect.any(String),
    traces: ["made.ndjson.gz", "made.parquet", "made.zip"].map(name => ({ place: `stored object exports/${name}` })),
  });
  for (const path of made) rmSync(path);
  expect(await verify(dataDir, visitorId)).toMatchObject({ code: 0, traces: [], backups: [] });
  expect(await hash()).toEqual(before);

  // Words that the index had kept, in a message of somebody else's id. "ada" and "name" alone are nobody's.
  await app.sql.query(
    `insert into message_search (website_id, conversation_id, seq, created_at, words)
     values ($1, $2, 98, now(), '''Bada'':1 ''Bname'':2'), ($1, $2, 99, now(), '''Bada'':1 ''Bname'':3 ''Bof'':2')`,
    [app.website.id, other],
  );
  const { traces } = await verify(dataDir, visitorId);
  expect(traces).toEqual([{ place: expect.stringMatching(/^table public\.message_search_\d{4}_\d\d$/), count: 1 }]);
});

test("the statistics of a table that is empty after an erasure hold nobody", async () => {
  const { visitorId, conversationId } = await person("Cleo");
  const month = partitionOf(conversationId);
  await app.sql.query(`delete from ${month} where conversation_id <> $1`, [conversationId]);
  await app.sql.query("analyze");
  const held = async () =>
    (
      await app.sql.query(
        "select from pg_stats where most_common_vals::text like '%Cleo%' or histogram_bounds::text like '%Cleo%'",
      )
    ).rowCount;
  expect(await held()).toBeGreaterThan(0);
  expect(await run(files(), "delete", visitorId, "--confirm", "1")).toMatchObject({ code: 0 });
  for (const table of ["visitors", "conversations"]) {
    await app.sql.query(`update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null`);
  }
  await purgeTrash(connection.db);
  expect((await app.sql.query(`select from ${month}`)).rowCount).toBe(0);
  expect(await held()).toBe(0);
});

test("verify says which backups may hold the visitor and until when, reads them if asked, and claims no more", async () => {
  const dataDir = files();
  const { visitorId } = await person("Dora");
  const repository = await findRepository(openFolder(join(dataDir, "files")), app.sql);
  await storeBackup(repository, { id: "holds", startedAt: new Date(Date.now() - 3_600_000), body: "of dora-OF-name" });
  await storeBackup(repository, { id: "other", startedAt: new Date(Date.now() - 1_800_000), body: "of somebody else" });
  await app.sql.query(
    `insert into erasures (website_id, visitor_id, conversation_ids, requested_at, erased_at, removed)
     values ($1, $2, '{}', now() - interval '31 days', now(), '{}')`,
    [app.website.id, visitorId],
  );
  await storeBackup(repository, { id: "later", startedAt: new Date(Date.now() + 60_000), body: "" });
  await storeBackup(repository, { id: "damaged", startedAt: new Date(), body: "" });
  const folder = join(dataDir, "files/backups", repository.name, "base/damaged");
  writeFileSync(join(folder, "backup.json"), "{");
  const verifyWith = async (env: Record<string, string>, ...args: string[]) => {
    const all = ["privacy", "verify", visitorId, ...args, "--text", "Dora-of-name"];
    return runCli(all, { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: dataDir, ...env } });
  };
  const dated = JSON.parse((await verifyWith({ BACKUPS: "on" }, "--json")).stdout);
  expect(dated.damagedBackups).toMatchObject([{ id: "damaged" }]);
  expect(dated.backups).toMatchObject([
    { id: "other", until: expect.any(String), isEncrypted: false, reading: null },
    { id: "holds", until: expect.any(String), isEncrypted: false, reading: null },
  ]);
  // Without a schedule nothing deletes them.
  const open = JSON.parse((await verifyWith({ BACKUPS: "off" }, "--read-backups", "--json")).stdout);
  expect(open.backups).toMatchObject([
    { id: "other", until: null, reading: { outcome: "not found" } },
    { id: "holds", until: null, reading: { outcome: "found" } },
  ]);
  expect((await verifyWith({ BACKUPS: "off" })).stdout).toContain(
    "2 backups, and the WAL with them, may hold them until somebody deletes them.",
  );
});
