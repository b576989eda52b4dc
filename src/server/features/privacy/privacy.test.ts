import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findRepository } from "#database/backup/repository.ts";
import { type Connection, connect } from "#database/connect.ts";
import { exported } from "#database/privacy/exported-tables.ts";
import { type App, shopOrigin, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { storeBackup } from "#lab/backups/stored-backup.ts";
import { unzip } from "#lab/unzip.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { ErasuresPage } from "#protocol/privacy.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

let app: App;
let connection: Connection;
let agent: AgentClient;
let stranger: AgentClient;
let website: string;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
  ({ stranger } = await app.scene());
  agent = await app.agent();
  website = `/websites/${app.website.id}`;
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

/** A visitor with two conversations, one of them in the trash, with a note, a tag and a deleted message. */
async function writer(): Promise<{ visitor: VisitorClient; visitorId: string; conversationId: string; at: string }> {
  const visitor = await app.visitor();
  const first = (await visitor.send('Ada \\ "quoted" \n=cmd() 🚲 \u202eright to left')).conversation;
  await app.owner.api("DELETE", `${website}/conversations/${first.id}`, { reason: "" });
  const { conversation, message } = await visitor.send("Again");
  await agent.send(conversation.id, "Ada is a regular", { kind: "note" });
  await visitor.api("DELETE", `/widget/conversations/${conversation.id}/messages/${message.id}`);
  const { visitor: shown } = await show(conversation.id);
  return { visitor, visitorId: shown.id, conversationId: conversation.id, at: `${website}/visitors/${shown.id}` };
}

const show = (conversationId: string) =>
  app.owner.api<ConversationShown>("GET", `${website}/conversations/${conversationId}`);

const download = (path: string, by: AgentClient | VisitorClient) =>
  fetch(`${app.url}/api/v1${path}`, { headers: by.headers });

/** The rows of a table that are a visitor's, as PostgreSQL writes them. */
async function rowsOf(table: string, visitorId: string): Promise<unknown[]> {
  const { of, key, columns } = exported.find(({ name }) => name === table)!;
  const owner = {
    visitor: table === "visitors" ? "id = $1" : "visitor_id = $1",
    conversation: "conversation_id in (select id from conversations where visitor_id = $1)",
  }[of];
  const { rows } = await app.sql.query(
    `select row_to_json(r) as row from (select ${columns.join(", ")} from ${table} where ${owner} order by ${key.join(", ")}) r`,
    [visitorId],
  );
  return rows.map(({ row }) => row);
}

const entries = async (action: string) =>
  (await app.owner.api<AuditPage>("GET", `${website}/audit?action=${action}`)).entries;

test("the download equals the tables row by row, for the visitor and for an admin on their behalf", async () => {
  const { visitor, visitorId, at } = await writer();
  for (const [path, by] of [
    ["/widget/privacy/data", visitor],
    [`${at}/data`, app.owner],
  ] as const) {
    const answer = await download(path, by);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/zip");
    const files = await unzip(Buffer.from(await answer.arrayBuffer()));
    expect(Object.keys(files).sort()).toEqual(
      ["README.txt", "exported.json", ...exported.map(({ name }) => `${name}.json`)].sort(),
    );
    expect(files["README.txt"]).toContain(app.website.name);
    for (const { name } of exported) {
      expect({ name, rows: JSON.parse(files[`${name}.json`]!) }).toEqual({ name, rows: await rowsOf(name, visitorId) });
    }
    expect(JSON.parse(files["messages.json"]!)).toHaveLength(3);
  }
  expect(await entries("visitor.downloaded")).toMatchObject([
    { actor: { kind: "user" }, target: { id: visitorId, name: "" } },
    { actor: { kind: "visitor", id: visitorId }, target: { id: visitorId, name: "" } },
  ]);
});

test("a download of more rows than a page holds is whole, in its order", async () => {
  const { visitorId, conversationId, visitor } = await writer();
  await app.sql.query(
    `insert into messages (website_id, conversation_id, seq, author, kind, id, body)
     select $1, $2, n, 'visitor', 'text', gen_random_uuid(), 'Message ' || n from generate_series(10, 1600) n`,
    [app.website.id, conversationId],
  );
  const files = await unzip(Buffer.from(await (await download("/widget/privacy/data", visitor)).arrayBuffer()));
  expect(JSON.parse(files["messages.json"]!)).toEqual(await rowsOf("messages", visitorId));
});

test("who has written nothing has no data; agents, strangers and other visitors get nothing", async () => {
  expect((await download("/widget/privacy/data", await app.visitor())).status).toBe(404);
  const { at } = await writer();
  expect((await download(`${at}/data`, agent)).status).toBe(403);
  expect((await download(`${at}/data`, stranger)).status).toBe(404);
  const other = await app.visitor();
  await other.send("Mine");
  const files = await unzip(Buffer.from(await (await download("/widget/privacy/data", other)).arrayBuffer()));
  expect(Object.values(files).join()).not.toContain("regular");
});

test("a visitor deletes their data and undoes it; then it goes for good, with a receipt", async () => {
  const { visitor, visitorId, conversationId } = await writer();
  expect(await visitor.api("POST", "/widget/privacy/delete")).toMatchObject({ receipt: visitorId });
  await expect(show(conversationId)).rejects.toMatchObject({ status: 404 });
  const ledger = async () => (await app.owner.api<ErasuresPage>("GET", `${website}/erasures`)).erasures;
  expect(await ledger()).toMatchObject([{ visitorId, erasedAt: null, inBackups: null, inBackupsUntil: null }]);
  await visitor.api("POST", "/widget/privacy/undo");
  expect(await ledger()).toEqual([]);
  expect((await show(conversationId)).conversation.id).toBe(conversationId);

  await visitor.api("POST", "/widget/privacy/delete");
  for (const table of ["visitors where id = $1", "conversations where visitor_id = $1"]) {
    const [name, condition] = table.split(" where ");
    await app.sql.query(`update ${name} set deleted_at = now() - interval '31 days' where ${condition}`, [visitorId]);
  }
  await purgeTrash(connection.db);
  for (const { name } of exported) expect(await rowsOf(name, visitorId)).toEqual([]);
  const [receipt] = await ledger();
  expect(receipt).toMatchObject({ visitorId, removed: { visitors: 1, conversations: 2, messages: 3 } });
  // The receipt says what the store has. Here no schedule deletes backups.
  expect(receipt).toMatchObject({ inBackups: 0, inBackupsUntil: null });
  const repository = await findRepository(openFolder(join(app.dataDir, "files")), app.sql);
  await storeBackup(repository, { id: "before", startedAt: new Date(Date.now() - 3_600_000), body: "" });
  await storeBackup(repository, { id: "after", startedAt: new Date(Date.now() + 60_000), body: "" });
  expect((await ledger())[0]).toMatchObject({ inBackups: 1, inBackupsUntil: null });
  await expect(stranger.api("GET", `${website}/erasures`)).rejects.toMatchObject({ status: 404 });
});

test("a correction reaches every open screen, and the audit log has no value of it", async () => {
  const { at, conversationId } = await writer();
  const socket = await app.owner.socket();
  await app.owner.api("PATCH", at, {
    name: "Ada King",
    email: "ada@right.example",
    attributes: { plan: "gold", old: null },
  });
  await socket.event(
    "conversation.changed",
    ({ conversation }) => (conversation as { visitor: { name: string } }).visitor.name === "Ada King",
  );
  await socket.close();
  expect((await show(conversationId)).visitor).toMatchObject({
    name: "Ada King",
    email: "ada@right.example",
    attributes: { plan: "gold" },
  });
  await app.owner.api("PATCH", at, { email: null, attributes: { plan: null } });
  expect((await show(conversationId)).visitor).toMatchObject({ name: "Ada King", email: null, attributes: {} });
  const [second, first] = await entries("visitor.corrected");
  expect(first!.details).toEqual({ fields: ["name", "email", "attributes"] });
  expect(second!.details).toEqual({ fields: ["email", "attributes"] });
  for (const [by, status] of [
    [agent, 403],
    [stranger, 404],
  ] as const) {
    await expect(by.api("PATCH", at, { name: "Eve" })).rejects.toMatchObject({ status });
  }
});

test("a restricted visitor's data is kept and not used, until the restriction ends", async () => {
  const { at, visitor, conversationId } = await writer();
  const own = await agent.send(conversationId, "Written before");
  await app.owner.api("POST", `${at}/restrict`);
  const written = `${website}/conversations/${conversationId}/messages/${own.message.id}`;
  await expect(agent.api("PATCH", written, { body: "Edited" })).rejects.toMatchObject({ code: "restricted" });
  await agent.api("PATCH", written, { body: "Written before" }); // as it is: a request that is repeated
  expect(await show(conversationId)).toMatchObject({
    conversation: { isRestricted: true },
    visitor: { restrictedAt: expect.any(String) },
  });
  for (const kind of ["text", "note"] as const) {
    await expect(agent.send(conversationId, "Hello", { kind })).rejects.toMatchObject({ code: "restricted" });
  }
  // The person may write, also where that begins the next conversation; agents cannot answer there either.
  await visitor.send("Is my data safe?", { conversationId });
  await app.owner.api("DELETE", `${website}/conversations/${conversationId}`, { reason: "" });
  const next = (await visitor.send("Hello?")).conversation.id;
  await expect(agent.send(next, "Hello")).rejects.toMatchObject({ code: "restricted" });
  expect((await download("/widget/privacy/data", visitor)).status).toBe(200);

  await app.owner.api("POST", `${at}/unrestrict`);
  await agent.send(next, "Hello");
  expect((await show(next)).conversation.isRestricted).toBe(false);
  await expect(stranger.api("POST", `${at}/restrict`)).rejects.toMatchObject({ status: 404 });
});

test("pages of other websites can neither read nor delete", async () => {
  const { visitor } = await writer();
  visitor.headers.origin = "https://evil.example";
  await expect(visitor.api("POST", "/widget/privacy/delete")).rejects.toMatchObject({ code: "origin_not_allowed" });
  expect((await download("/widget/privacy/data", visitor)).status).toBe(403);
  visitor.headers.origin = shopOrigin;
  expect((await download("/widget/privacy/data", visitor)).headers.get("access-control-allow-origin")).toBe(shopOrigin);
});
