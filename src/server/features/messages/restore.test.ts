import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import type { AgentChanged, AgentPage, Message, VisitorChanged } from "#protocol/messages.ts";
import type { TrashPage } from "#protocol/trash.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

let app: App;
let connection: Connection;
let agent: AgentClient;
let website: string;
beforeAll(async () => {
  app = await startApp();
  agent = await app.agent();
  website = `/websites/${app.website.id}`;
  connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

const pathOf = ({ conversationId, id }: Message) => `${website}/conversations/${conversationId}/messages/${id}`;
const remove = (message: Message) => agent.api<AgentChanged>("DELETE", pathOf(message));
const restore = (message: Message, as = agent) => as.api<AgentChanged>("POST", `${pathOf(message)}/restore`, {});
const read = (conversationId: string, query: string) =>
  app.owner.api<Required<AgentPage>>("GET", `${website}/conversations/${conversationId}/messages?${query}`);
const show = async (id: string) =>
  (await app.owner.api<ConversationShown>("GET", `${website}/conversations/${id}`)).conversation;
const trash = async () => (await app.owner.api<TrashPage>("GET", `${website}/trash`)).entries;
const theirs = (visitor: VisitorClient, method: string, { conversationId, id }: Message, end = "") =>
  visitor.api<VisitorChanged>(method, `/widget/conversations/${conversationId}/messages/${id}${end}`, {});

/** A visitor's question and an agent's answer. */
async function scene(body = "An answer") {
  const visitor = await app.visitor();
  const { message: question } = await visitor.send("A question");
  const { message: answer } = await agent.send(question.conversationId, body);
  return { visitor, question, answer, conversationId: question.conversationId };
}

const deletedDaysAgo = ({ id }: Message, days: number) =>
  app.sql.query("update messages set deleted_at = now() - make_interval(days => $2) where id = $1", [id, days]);

test("a deleted message comes back as it was: text, preview and counts", async () => {
  const { conversationId, answer } = await scene();
  const before = await show(conversationId);
  await remove(answer);
  expect(await show(conversationId)).toMatchObject({ preview: "A question" });
  const { message } = await restore(answer);
  expect(message).toEqual({ ...answer, changedVersion: message.changedVersion });
  const { version, changedVersion, ...after } = await show(conversationId);
  expect({ ...after, version: before.version, changedVersion: before.changedVersion }).toEqual(before);
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
  // Again is no error, and changes nothing.
  expect((await restore(answer)).conversation.version).toBe(version);
});

test("every open screen gets it at once, and clients that were away learn of it", async () => {
  const { visitor, conversationId, answer } = await scene();
  const since = (await remove(answer)).conversation.changedVersion!;
  const sockets = [await app.owner.socket(), await visitor.socket()];
  await restore(answer);
  for (const socket of sockets) {
    const { message } = await socket.event("message.changed");
    expect(message).toMatchObject({ id: answer.id, body: "An answer", deletedAt: null });
  }
  expect((await read(conversationId, `after=2&since=${since}`)).changed).toMatchObject([
    { id: answer.id, body: "An answer", deletedAt: null },
  ]);
  for (const socket of sockets) await socket.close();
});

test("its author brings a message back, and an admin any; others cannot", async () => {
  const { visitor, question, answer } = await scene();
  const refused = { status: 404, code: "not_found" };
  await remove(answer);
  await theirs(visitor, "DELETE", question);
  const other = await app.agent();
  const stranger = await app.visitor();
  await expect(restore(answer, other)).rejects.toMatchObject(refused);
  await expect(restore(question, agent)).rejects.toMatchObject(refused);
  await expect(theirs(visitor, "POST", answer, "/restore")).rejects.toMatchObject(refused);
  await expect(theirs(stranger, "POST", question, "/restore")).rejects.toMatchObject(refused);
  expect((await theirs(visitor, "POST", question, "/restore")).message).toMatchObject({ body: "A question" });
  expect((await restore(answer, app.owner)).message).toMatchObject({ body: "An answer" });
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit?action=message.restored`);
  expect(entries.slice(0, 2)).toMatchObject([
    { actor: { kind: "user", id: app.owner.me.user.id }, details: { messageId: answer.id, author: "agent" } },
    { actor: { kind: "visitor" }, details: { messageId: question.id, author: "visitor" } },
  ]);
});

test("the trash lists messages, without the text that a visitor has deleted", async () => {
  const { visitor, question, answer, conversationId } = await scene("The wrong price");
  await theirs(visitor, "DELETE", question);
  await remove(answer);
  const entries = await trash();
  expect(entries.slice(0, 2)).toMatchObject([
    { kind: "message", id: answer.id, conversationId, body: "The wrong price", deletedBy: { id: agent.me.user.id } },
    { kind: "message", id: question.id, conversationId, body: null, deletedBy: null },
  ]);
  expect(JSON.stringify(entries)).not.toContain("A question");
  // It comes back with its conversation, not before.
  await app.owner.api("DELETE", `${website}/conversations/${conversationId}`, { reason: "" });
  expect((await trash()).filter(({ kind, id }) => kind === "message" && id === answer.id)).toEqual([]);
  await app.owner.api("POST", `${website}/conversations/${conversationId}/restore`, {});
  await restore(answer, app.owner);
  expect((await trash()).map(({ id }) => id)).not.toContain(answer.id);
});

test(`after ${limits.undoDays} days its text is gone for good, and the message keeps its place`, async () => {
  const { answer, conversationId } = await scene("Unforgettable");
  const { message: later } = await agent.send(conversationId, "Kept");
  await remove(answer);
  await remove(later);
  await deletedDaysAgo(answer, limits.undoDays + 1);
  const refused = {
    status: 404,
    message: expect.stringMatching(/text of this message went for good on \d{4}-\d\d-\d\d, 30 days after/),
  };
  await expect(restore(answer)).rejects.toMatchObject(refused);
  expect(await purgeTrash(connection.db)).toEqual({ conversations: 0, visitors: 0, messages: 1, websites: 0 });
  await expect(restore(answer)).rejects.toMatchObject(refused);
  const { rows } = await app.sql.query("select body, details from messages where id = $1", [answer.id]);
  expect(rows).toEqual([{ body: "", details: null }]);
  expect((await read(conversationId, "after=0&since=0")).messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect((await restore(later)).message.body).toBe("Kept");
  expect((await purgeTrash(connection.db)).messages).toBe(0);
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit?action=message.purged`);
  expect(entries).toMatchObject([{ target: { id: conversationId }, details: { seq: 2 } }]);
});

test("a message of an archived month comes back, and is purged, where the month is", async () => {
  const { answer, conversationId } = await scene("Archived");
  const month = new Date().toISOString().slice(0, 7).replace("-", "_");
  const move = async (from: string, to: string) => {
    const { rows } = await app.sql.query(
      "select from_id, until_id from message_months where state = 'live' and month = date_trunc('month', now())::date",
    );
    await app.sql.query(`alter table ${from} detach partition messages_${month}`);
    await app.sql.query(
      `alter table ${to} attach partition messages_${month} for values from ('${rows[0].from_id}') to ('${rows[0].until_id}')`,
    );
  };
  await move("messages", "messages_archive");
  try {
    await remove(answer);
    expect((await trash())[0]).toMatchObject({ kind: "message", id: answer.id });
    expect((await restore(answer)).message.body).toBe("Archived");
    await remove(answer);
    await app.sql.query("update messages_archive set deleted_at = now() - interval '31 days' where id = $1", [
      answer.id,
    ]);
    expect((await purgeTrash(connection.db)).messages).toBe(1);
    expect((await read(conversationId, "after=0&since=0")).messages.map(({ body }) => body)).toEqual([
      "A question",
      "",
    ]);
  } finally {
    await move("messages_archive", "messages");
  }
});
