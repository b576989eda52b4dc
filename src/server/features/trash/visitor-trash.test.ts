import { join } from "node:path";
import { SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import { openFolder } from "#platform/storage/folder.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationChanged, ConversationShown } from "#protocol/conversations.ts";
import type { ExportList, ExportScope } from "#protocol/exports.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { SearchPage } from "#protocol/search.ts";
import type { TrashPage, VisitorContents, VisitorDeleted } from "#protocol/trash.ts";
import type { WidgetSession } from "#protocol/widget.ts";
import { keyOf } from "#server/features/exports/file.ts";
import { finishExport, insertExport } from "#server/features/exports/queries.ts";
import { sweepExports } from "#server/features/exports/run.ts";
import { purgeTrash } from "./purge.ts";

let app: App;
let website: string;
let agent: AgentClient;
let stranger: AgentClient;

beforeAll(async () => {
  app = await startApp();
  website = `/websites/${app.website.id}`;
  agent = await app.agent();
  stranger = (await app.otherWebsite()).owner;
});
afterAll(() => app.stop());

const remove = (visitorId: string, reason = "", as = app.owner) =>
  as.api<VisitorDeleted>("DELETE", `${website}/visitors/${visitorId}`, { reason });
const restore = (visitorId: string, as = app.owner) =>
  as.api<VisitorDeleted>("POST", `${website}/visitors/${visitorId}/restore`, {});
const trash = () => app.owner.api<TrashPage>("GET", `${website}/trash`);
const inbox = () => app.owner.api<Inbox>("GET", `${website}/inbox`);
const show = (id: string) => app.owner.api<ConversationShown>("GET", `${website}/conversations/${id}`);

/** A visitor with a conversation. */
async function scene(body = "Hello", options = {}) {
  const visitor = await app.visitor(options);
  const { conversation } = await visitor.send(body);
  const { visitor: shown } = await show(conversation.id);
  return { visitor, conversationId: conversation.id, visitorId: shown.id };
}

/** Another conversation of a visitor whose first one does not take messages any more. */
async function writeOn(visitor: VisitorClient, conversationId: string) {
  await app.sql.query("update conversations set created_at = now() - interval '31 days' where id = $1", [
    conversationId,
  ]);
  return (await visitor.send("Second", { conversationId })).conversation.id;
}

async function signedIn(sub: string): Promise<VisitorClient> {
  const path = `${website}/identity-secret`;
  const { identitySecret } = await app.owner.api<{ identitySecret: string }>("GET", path);
  const identity = await new SignJWT({ sub, name: "Vera", email: "vera@home.example" })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(identitySecret));
  return app.visitor({ identity });
}

/** All that is stored of a visitor, but for the versions, which grow with each change. */
async function stored(visitorId: string) {
  const rows = async (text: string) => (await app.sql.query(text, [visitorId])).rows;
  return {
    visitor: await rows("select * from visitors where id = $1"),
    conversations: await rows(
      "select to_jsonb(c) - 'version' - 'changed_at' as row from conversations c where visitor_id = $1 order by id",
    ),
    messages: await rows(
      `select md5(string_agg(m::text, ',' order by m.conversation_id, m.seq)) as hash, count(*) as count
       from messages m join conversations c on c.id = m.conversation_id where c.visitor_id = $1`,
    ),
  };
}

async function purge() {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  try {
    return await purgeTrash(connection.db);
  } finally {
    await connection.close();
  }
}

const deletedDaysAgo = async (visitorId: string, days: number) => {
  for (const [table, column] of [
    ["visitors", "id"],
    ["conversations", "visitor_id"],
  ]) {
    await app.sql.query(
      `update ${table} set deleted_at = now() - make_interval(days => $2) where ${column} = $1 and deleted_at is not null`,
      [visitorId, days],
    );
  }
};

test("a deleted visitor is in no list, count or answer; brought back, everything is as before", async () => {
  const { visitor, conversationId, visitorId } = await scene("The only one");
  const deletedBefore = conversationId;
  const second = await writeOn(visitor, conversationId);
  await app.owner.api("DELETE", `${website}/conversations/${deletedBefore}`, { reason: "by itself" });
  const [before, counts] = [await stored(visitorId), (await inbox()).counts];
  const contents = await app.owner.api<VisitorContents>("GET", `${website}/visitors/${visitorId}/contents`);
  expect(contents).toEqual({ conversations: 1, messages: 1 });

  expect(await remove(visitorId)).toEqual({ conversations: 1 });
  expect((await inbox()).counts).toEqual({ ...counts, all: counts.all - 1, unassigned: counts.unassigned - 1 });
  for (const refused of [
    () => show(second),
    () => app.owner.send(second, "Hello?"),
    () => visitor.api("GET", `/widget/conversations/${second}/messages`),
    () => remove(visitorId),
  ]) {
    await expect(refused()).rejects.toMatchObject({ status: 404 });
  }
  const { entries } = await trash();
  expect(entries.map(({ id }) => id)).toEqual([visitorId]);
  await expect(app.owner.api("POST", `${website}/conversations/${deletedBefore}/restore`, {})).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining("Bring the visitor back first"),
  });

  expect(await restore(visitorId)).toEqual({ conversations: 1 });
  expect(await stored(visitorId)).toEqual(before);
  expect((await inbox()).counts).toEqual(counts);
  expect((await trash()).entries.map(({ id }) => id)).toEqual([deletedBefore]);
  await expect(restore(visitorId)).rejects.toMatchObject({ status: 404 });
});

test("every open screen gets it at once, and clients that were away learn of it", async () => {
  const { visitor, conversationId, visitorId } = await scene("A secret");
  const [agents, theirs, strangers] = [await agent.socket(), await visitor.socket(), await stranger.socket()];
  const isDeleted = (wanted: boolean) => (data: Record<string, unknown>) =>
    ((data.conversation as { deletedAt: string | null }).deletedAt !== null) === wanted;
  await remove(visitorId);
  for (const socket of [agents, theirs]) {
    const event = await socket.event("conversation.changed", isDeleted(true));
    expect(event.conversation).toMatchObject({ id: conversationId });
    expect(JSON.stringify(event)).not.toMatch(/A secret|vera@/);
  }
  const away = await visitor.socket();
  expect(away.welcome).toMatchObject({ conversation: null });
  await restore(visitorId);
  for (const socket of [agents, theirs, away]) await socket.event("conversation.changed", isDeleted(false));
  const again = await visitor.socket();
  expect(again.welcome).toMatchObject({ conversation: { id: conversationId } });
  expect(strangers.events.filter(({ event }) => event === "conversation.changed")).toEqual([]);
  for (const socket of [agents, theirs, away, again, strangers]) await socket.close();
});

test("who writes with the token of a deleted visitor becomes a new visitor", async () => {
  const { visitor, conversationId, visitorId } = await scene("Before");
  const socket = await visitor.socket();
  await remove(visitorId);
  const before = await stored(visitorId);
  const { token } = visitor.session;
  const ask = () => visitor.api<WidgetSession>("POST", "/widget/session", { websiteKey: app.website.publicKey, token });
  // As long as they only read, they stay the same visitor, who may be brought back.
  expect((await ask()).conversation).toBeNull();

  const message = { id: crypto.randomUUID(), conversationId: null, body: "After" };
  void socket.command("message.send", message);
  expect(await socket.closed).toMatchObject({ reason: "session_expired" });
  await expect(visitor.socket()).rejects.toMatchObject({ code: "session_expired" });
  await expect(visitor.send("After", { conversationId })).rejects.toMatchObject({ status: 401 });
  const session = await ask();
  visitor.headers.authorization = `Bearer ${session.token}`;
  const { conversation } = await visitor.send("After");
  const fresh = (await show(conversation.id)).visitor.id;
  expect(fresh).not.toBe(visitorId);
  const { rows } = await app.sql.query("select replaced_at is not null as replaced from visitors where id = $1", [
    visitorId,
  ]);
  expect(rows).toEqual([{ replaced: true }]);

  await restore(visitorId);
  const after = await stored(visitorId);
  expect(after.messages).toEqual(before.messages);
  expect((await show(conversationId)).visitor.id).toBe(visitorId);
});

test("a logged-in person who comes back meanwhile is one visitor again when the deleted one is brought back", async () => {
  const vera = await signedIn("vera");
  const first = (await vera.send("Before")).conversation.id;
  const visitorId = (await show(first)).visitor.id;
  const open = await vera.socket();
  await remove(visitorId);
  await open.event("conversation.changed");

  const back = await signedIn("vera");
  expect(back.session.conversation).toBeNull();
  const socket = await back.socket();
  const second = (await back.send("After")).conversation.id;
  const otherId = (await show(second)).visitor.id;
  expect(otherId).not.toBe(visitorId);

  await restore(visitorId);
  const heartbeat = await socket.event("heartbeat", data => data.conversation !== null);
  expect(heartbeat.conversation).toMatchObject({ id: second, continuesId: first });
  expect((await show(second)).visitor).toMatchObject({ id: visitorId, externalId: "vera" });
  const { rows } = await app.sql.query("select from visitors where id = $1", [otherId]);
  expect(rows).toEqual([]);
  await allIndexed(app.sql);
  const { rows: known } = await app.sql.query("select visitor_id from visitor_search where words::text like '%vera%'");
  expect(known).toEqual([{ visitor_id: visitorId }]);
  const { results } = await app.owner.api<SearchPage>("GET", `/websites/${app.website.id}/search?q=from:vera`);
  expect(results.map(({ excerpt }) => excerpt)).toEqual(["After", "Before"]);
  // The open session is that of the row that came back: it gets what agents answer.
  await app.owner.send(second, "Welcome back");
  await socket.event("message.created");
  expect(await socket.command("message.list", { conversationId: first })).toMatchObject({ more: false });
  await Promise.all([socket.close(), open.close()]);
});

test("an agent's answer does not begin a conversation of a deleted visitor", async () => {
  const { conversationId, visitorId } = await scene();
  await app.sql.query("update conversations set created_at = now() - interval '31 days' where id = $1", [
    conversationId,
  ]);
  // The answer finds the conversation too old, then waits for the visitor's lock, which the deletion has.
  const client = await app.sql.connect();
  await client.query("begin");
  await client.query("select from visitors where id = $1 for update", [visitorId]);
  const answer = app.owner.send(conversationId, "Too late").catch(error => error);
  await eventually(async () => {
    const { rows } = await app.sql.query("select from pg_stat_activity where wait_event_type = 'Lock'");
    expect(rows).toHaveLength(1);
  });
  await client.query("update visitors set deleted_at = now() where id = $1", [visitorId]);
  await client.query("update conversations set deleted_at = now(), deleted_with_visitor = true where id = $1", [
    conversationId,
  ]);
  await client.query("commit");
  client.release();
  expect(await answer).toMatchObject({ status: 404 });
  const { rows } = await app.sql.query("select from conversations where visitor_id = $1", [visitorId]);
  expect(rows).toHaveLength(1);
});

test(`after ${limits.undoDays} days they cannot be brought back, and a job removes all of theirs for good`, async () => {
  const { visitor, conversationId, visitorId } = await scene("Gone");
  const kept = await scene("Kept");
  const keptBefore = await stored(kept.visitorId);
  await writeOn(visitor, conversationId);
  await remove(visitorId, "Asked for it");
  await deletedDaysAgo(visitorId, limits.undoDays + 1);
  await expect(restore(visitorId)).rejects.toMatchObject({
    status: 404,
    message: expect.stringMatching(/This visitor went for good on \d{4}-\d\d-\d\d, 30 days after/),
  });
  expect((await trash()).entries.map(({ id }) => id)).not.toContain(visitorId);
  expect(await purge()).toEqual({ conversations: 2, visitors: 1, messages: 0, websites: 0 });
  expect(await stored(visitorId)).toMatchObject({ visitor: [], conversations: [] });
  expect(await stored(kept.visitorId)).toEqual(keptBefore);
  await expect(restore(visitorId)).rejects.toMatchObject({
    message: expect.stringContaining(`went for good on ${new Date().toISOString().slice(0, 10)}`),
  });
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit`);
  expect(entries.find(({ action }) => action === "visitor.purged")).toMatchObject({
    target: { kind: "visitor", id: visitorId, name: "" },
    actor: { kind: "system" },
  });
  expect(entries.find(({ action }) => action === "visitor.deleted")).toMatchObject({
    details: { reason: "Asked for it", conversations: 2 },
  });
});

test("the planner's statistics have no text of a visitor who is gone", async () => {
  const marker = "Unforgettable";
  const gone = [];
  for (let i = 0; i < 3; i++) gone.push((await scene(marker)).visitorId);
  await app.sql.query("update visitors set name = $1 where id = any($2)", [marker, gone]);
  await app.sql.query("analyze");
  const found = async () => {
    const { rows } = await app.sql.query(
      "select tablename from pg_stats where most_common_vals::text like $1 or histogram_bounds::text like $1 order by 1",
      [`%${marker}%`],
    );
    return [...new Set(rows.map(({ tablename }) => tablename.replace(/_\d{4}_\d\d$/, "")))];
  };
  expect(await found()).toEqual(["conversations", "messages", "visitors"]);
  for (const visitorId of gone) {
    await remove(visitorId);
    await deletedDaysAgo(visitorId, limits.undoDays + 1);
  }
  await purge();
  expect(await found()).toEqual([]);
});

test("agents, strangers and visitors can neither delete a visitor nor bring one back", async () => {
  const { visitorId } = await scene();
  for (const [outsider, status] of [
    [agent, 403],
    [stranger, 404],
  ] as const) {
    await expect(remove(visitorId, "", outsider)).rejects.toMatchObject({ status });
    await expect(restore(visitorId, outsider)).rejects.toMatchObject({ status });
    await expect(outsider.api("GET", `${website}/visitors/${visitorId}/contents`)).rejects.toMatchObject({ status });
  }
  await expect(
    stranger.api("DELETE", `/websites/${stranger.me.websites[0]!.id}/visitors/${visitorId}`, { reason: "" }),
  ).rejects.toMatchObject({ status: 404 });
  expect(await app.owner.api<ConversationChanged>("GET", `${website}/trash`)).toBeDefined();
});

/** As if their time in the trash were over. */
async function erase(visitorId: string) {
  for (const [table, column] of [
    ["visitors", "id"],
    ["conversations", "visitor_id"],
  ]) {
    await app.sql.query(`update ${table} set deleted_at = now() - interval '31 days' where ${column} = $1`, [
      visitorId,
    ]);
  }
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  await purgeTrash(connection.db);
  await connection.close();
}

test("the token of an erased visitor makes no row with their id: who writes with it is a new visitor", async () => {
  const { visitor, visitorId } = await scene();
  await remove(visitorId);
  await erase(visitorId);
  await expect(visitor.send("I am back")).rejects.toMatchObject({ code: "session_expired" });
  const request = { websiteKey: app.website.publicKey, token: visitor.session.token };
  const session = await visitor.api<WidgetSession>("POST", "/widget/session", request);
  const newcomer = await app.visitor();
  newcomer.headers.authorization = `Bearer ${session.token}`;
  const { conversation } = await newcomer.send("I am back");
  expect((await show(conversation.id)).visitor.id).not.toBe(visitorId);
  const { rows } = await app.sql.query("select from visitors where id = $1", [visitorId]);
  expect(rows).toEqual([]);
});

test("exports of a visitor and of their conversations end with the deletion, and their files with the next sweep", async () => {
  const { conversationId, visitorId } = await scene();
  const other = await scene();
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  const storage = openFolder(join(app.dataDir, "files"));
  const made = async (scope: ExportScope) => {
    const key = { websiteId: app.website.id, id: uuidv7(), format: "csv" as const };
    const expiresAt = new Date(Date.now() + 7 * 86_400_000);
    await insertExport(connection.db, { ...key, scope, requestedBy: app.owner.me.user.id, expiresAt });
    await finishExport(connection.db, { ...key, state: "done", rows: 1, sizeBytes: 1, sha256: "", problem: null });
    await storage.put(keyOf(key), Buffer.from("x"));
    return key.id;
  };
  const asked = [
    await made({ kind: "visitor", visitorId }),
    await made({ kind: "conversation", conversationId }),
    await made({ kind: "conversation", conversationId: other.conversationId }),
  ];
  await remove(visitorId);
  const { exports } = await app.owner.api<ExportList>("GET", `${website}/exports`);
  expect(exports.map(({ id }) => id)).toEqual([asked[2]]);
  await expect(app.owner.api("GET", `${website}/exports/${asked[0]}/file`)).rejects.toMatchObject({ status: 404 });
  await sweepExports({ url: app.databaseUrl, db: connection.db, storage, log: silent }, async () => {});
  await connection.close();
  const files = [];
  for await (const { key } of storage.list("exports/")) files.push(key);
  expect(files).toEqual([expect.stringContaining(asked[2]!)]);
});
