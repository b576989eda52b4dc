import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { unzip } from "#lab/unzip.ts";
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

const verify = async (dataDir: string, visitorId: string) => {
  const { code, stdout, stderr } = await run(dataDir, "verify", visitorId, "--json", "--text", ...markersOf("Ada"));
  if (!stdout) throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as { erasedAt: string | null; traces: { place: string }[] }) };
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
  await app.sql.query("analyze");
  mkdirSync(join(dataDir, "files/exports"), { recursive: true });
  writeFileSync(join(dataDir, "files/exports/made.ndjson.gz"), gzipSync(`{"body":"ada-OF-body"}`));
  const left = await verify(dataDir, visitorId);
  expect(left.code).toBe(1);
  const places = left.traces.map(({ place }) => place.replace(/_\d{4}_\d\d/, "").replace(/\.\w+$/, "")).join("\n");
  for (const place of ["public.visitors", "public.conversations", "public.messages", "exports/made", "statistics of"]) {
    expect(places).toContain(place);
  }

  const deleted = await run(dataDir, "delete", visitorId, "--json");
  expect(JSON.parse(deleted.stdout)).toMatchObject({ visitorId, conversations: 1 });
  expect(readFileSync(join(dataDir, `files/erasures/${app.website.id}/${visitorId}.json`), "utf8")).toContain(
    conversationId,
  );
  for (const table of ["visitors", "conversations"]) {
    await app.sql.query(`update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null`);
  }
  await purgeTrash(connection.db);
  expect(await verify(dataDir, visitorId)).toMatchObject({
    code: 1,
    erasedAt: expect.any(String),
    traces: [{ place: "stored object exports/made.ndjson.gz" }],
  });
  writeFileSync(join(dataDir, "files/exports/made.ndjson.gz"), gzipSync("{}"));
  expect(await verify(dataDir, visitorId)).toMatchObject({ code: 0, traces: [] });
  expect(await hash()).toEqual(before);
});
