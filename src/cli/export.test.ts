import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function exported(...args: string[]) {
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  const { code, stdout, stderr } = await runCli(["export", ...args], { env });
  return { code, stderr, lines: stdout.split("\n").filter(Boolean) };
}

test("the messages of one website in a period are exported in order, without deleted ones", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const sent = [];
  for (let i = 2; i <= 5; i++) sent.push((await visitor.send(`Line ${i}`, { conversationId })).message.id);
  await agent.send(conversationId, "A note", { kind: "note" });
  await agent.act(conversationId, "resolve");
  const deleted = await app.scene();
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [deleted.conversationId]);
  const path = `/widget/conversations/${conversationId}/messages`;
  await visitor.api("PATCH", `${path}/${sent[0]}`, { body: "Line two" });
  await visitor.api("DELETE", `${path}/${sent[1]}`);

  const { code, lines } = await exported("--website", String(app.website.id));
  const messages = lines.map(line => JSON.parse(line));
  expect(code).toBe(0);
  expect(messages.map(message => [message.conversationId, message.seq, message.kind])).toEqual(
    [1, 2, 4, 5, 6, 7].map(seq => [conversationId, seq, seq === 6 ? "note" : seq === 7 ? "event" : "text"]),
  );
  expect(messages[0]).toMatchObject({ editedAt: null });
  expect(messages[1]).toMatchObject({
    body: "Line two",
    author: "visitor",
    authorId: null,
    editedAt: expect.any(String),
  });

  const [first, second] = messages;
  const half = ["--from", first.createdAt, "--until", second.createdAt];
  expect((await exported("--website", String(app.website.id), ...half)).lines).toHaveLength(1);
  expect(
    (await exported("--website", String(app.website.id), "--until", "2020-01-01", "--from", "2019-01-01")).lines,
  ).toEqual([]);
});

test("more than a page is exported whole, each message once", async () => {
  const { websiteId, conversationId } = await largeConversation(2_500);
  const { lines } = await exported("--website", String(websiteId));
  expect(
    lines.map(line => JSON.parse(line)).filter(message => message.conversationId === conversationId),
  ).toMatchObject(Array.from({ length: 2_500 }, (_, i) => ({ seq: i + 1 })));
});

test("an unknown website and an empty period are refused", async () => {
  expect(await exported("--website", "999")).toMatchObject({ code: 1, stderr: "There is no website 999.\n" });
  const turned = ["--from", "2026-02-01", "--until", "2026-01-01"];
  expect(await exported("--website", String(app.website.id), ...turned)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--from must be before --until"),
  });
  expect(await exported("--website", "1", "--from", "yesterday")).toMatchObject({ code: 2 });
  expect(await exported("--website", "all")).toMatchObject({ code: 2 });
  const { conversationId } = await app.scene();
  const both = ["--month", "2026-10", "--conversation", conversationId];
  expect(await exported("--website", "1", ...both)).toMatchObject({
    code: 1,
    stderr: "--month and --conversation exclude each other. Give one.\n",
  });
  expect(await exported("--website", "1", "--month", "1999-01")).toMatchObject({
    code: 1,
    stderr: "There is no month 1999-01 of messages.\n",
  });
  expect(await exported("--website", "1", "--format", "xml")).toMatchObject({ code: 2 });
  expect(await exported("--website", "1", "--format", "parquet", "--gzip")).toMatchObject({ code: 1 });
});

test("the name of the file says format and compression, and a file is whole or not there", async () => {
  const { conversationId } = await app.scene();
  const folder = makeFolder();
  const one = ["--website", String(app.website.id), "--conversation", conversationId];
  const report = `${join(folder, "one.csv.gz")}: 1 row of ${app.website.name}`;
  expect(await exported(...one, "--output", join(folder, "one.csv.gz"))).toEqual({
    code: 0,
    stderr: "",
    lines: [report],
  });
  expect(String(gunzipSync(readFileSync(join(folder, "one.csv.gz"))))).toMatch(/^\ufeff"conversationId","seq".*\r\n/);
  expect(await exported(...one, "--output", join(folder, "one.json"))).toMatchObject({ code: 0 });
  const found = JSON.parse(readFileSync(join(folder, "one.json"), "utf8"));
  expect([found.visitors.length, found.conversations.length, found.messages.length]).toEqual([1, 1, 1]);
  expect(await exported(...one, "--output", join(folder, "one.parquet"))).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "one.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  expect(statSync(join(folder, "one.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["one.csv.gz", "one.json", "one.parquet"]);
  const visitors = await exported(...one, "--table", "visitors", "--format", "csv");
  expect(visitors.lines).toHaveLength(2);
  expect(await exported(...one, "--output", join(folder, "missing/one.csv"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot be written: ENOENT"),
  });
});

test("a visitor's export has their conversations only, and a month's those that began in it", async () => {
  const { conversationId } = await app.scene();
  await app.scene();
  const { rows } = await app.sql.query(
    "select visitor_id, to_char(created_at at time zone 'UTC', 'YYYY-MM') as month from conversations where id = $1",
    [conversationId],
  );
  const website = ["--website", String(app.website.id)];
  const visitor = await exported(...website, "--visitor", rows[0].visitor_id);
  expect(visitor.lines.map(line => JSON.parse(line).conversationId)).toEqual([conversationId]);
  const month = await exported(...website, "--month", rows[0].month, "--table", "conversations");
  expect(month.lines.length).toBeGreaterThan(1);
  expect(month.lines.map(line => JSON.parse(line).id)).toContain(conversationId);
  const log = await app.sql.query("select action, target_kind, details from audit_log order by id desc limit 2");
  expect(log.rows).toEqual([
    { action: "website.exported", target_kind: "website", details: { format: "ndjson", month: rows[0].month } },
    { action: "visitor.exported", target_kind: "visitor", details: { format: "ndjson" } },
  ]);
});

async function largeConversation(messages: number) {
  const { website } = await app.otherWebsite();
  const visitor = await app.visitor({ websiteKey: website.publicKey });
  const { message } = await visitor.send("Hello");
  await app.sql.query(
    `insert into messages (website_id, conversation_id, seq, id, kind, author, body)
     select $1, $2, seq, gen_random_uuid(), 'text', 'visitor', 'Line ' || seq from generate_series(2, $3::integer) as seq`,
    [website.id, message.conversationId, messages],
  );
  return { websiteId: website.id, conversationId: message.conversationId };
}
