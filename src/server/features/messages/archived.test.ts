import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { connect } from "#database/connect.ts";
import { importConversations } from "#database/importing/import.ts";
import { recount } from "#database/lifecycle/recount.ts";
import { listMessagesBetween } from "#database/partitions/by-time.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { moveMonth } from "#database/retention/move-month.ts";
import { withMonths } from "#database/retention/session.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import type { VisitorClient } from "#lab/actors/people.ts";
import { silent } from "#lab/programs/log.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { AgentPage, VisitorPage } from "#protocol/messages.ts";

const signal = new AbortController().signal;
const age = 200;

let app: App;
let visitor: VisitorClient;
/** in the archive */
let old: string;
let month: string;
beforeAll(async () => {
  app = await startApp();
  visitor = await app.visitor();
  const { conversation } = await visitor.send("The first");
  await app.owner.send(conversation.id, "The answer");
  await visitor.send("Thank you", { conversationId: conversation.id });
  old = await makeOlder(app.sql, conversation.id, age);
  month = monthOf(old);
  await archive(month);
});
afterAll(() => app.stop());

const archive = (month: string) =>
  withMonths(app.databaseUrl, { log: silent, signal }, session =>
    moveMonth(session, { month, from: "messages", to: "messages_archive", record: "state = 'archived'" }),
  );
const website = () => `/websites/${app.website.id}`;
const read = async (conversationId: string) => {
  const page = await app.owner.api<AgentPage>("GET", `${website()}/conversations/${conversationId}/messages`);
  return page.messages.map(({ seq, body, kind }) => [seq, kind === "event" ? "event" : body]);
};
const rowsOf = async (table: string, conversationId: string) => {
  const { rows } = await app.sql.query(`select seq from ${table} where conversation_id = $1 order by seq`, [
    conversationId,
  ]);
  return rows.map(({ seq }) => seq);
};
/** Every message of an old conversation is in the archive, once. */
async function expectArchived(conversationId: string, seqs: number[]) {
  expect(await rowsOf("messages", conversationId)).toEqual([]);
  expect(await rowsOf("messages_archive", conversationId)).toEqual(seqs);
}

test("agents and the visitor read an archived conversation as before", async () => {
  await expectArchived(old, [1, 2, 3]);
  const texts = [
    [1, "The first"],
    [2, "The answer"],
    [3, "Thank you"],
  ];
  expect(await read(old)).toEqual(texts);
  const page = await visitor.api<VisitorPage>("GET", `/widget/conversations/${old}/messages`);
  expect(page.messages.map(({ seq, body }) => [seq, body])).toEqual(texts);
});

test("an agent resolves, edits and deletes in an archived conversation, and reads half of it", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const { message } = await agent.send(conversationId, "Yse");
  await agent.send(conversationId, "One more");
  const id = await makeOlder(app.sql, conversationId, age);
  await app.sql.query("update conversations set visitor_unread = 2 where id = $1", [id]);
  await agent.act(id, "resolve");
  await agent.api("PATCH", `${website()}/conversations/${id}/messages/${message.id}`, { body: "Yes" });
  await visitor.api("POST", `/widget/conversations/${id}/read`, { seq: 2 });
  await expectArchived(id, [1, 2, 3, 4]);
  expect((await read(id)).at(1)).toEqual([2, "Yes"]);
  const { conversation } = await agent.api<ConversationShown>("GET", `${website()}/conversations/${id}`);
  expect(conversation).toMatchObject({ status: "resolved", lastSeq: 4 });
  const { rows } = await app.sql.query("select visitor_unread from conversations where id = $1", [id]);
  expect(rows).toEqual([{ visitor_unread: 1 }]);
  await agent.api("DELETE", `${website()}/conversations/${id}/messages/${message.id}`);
  expect((await read(id)).at(1)).toEqual([2, "This message was deleted."]);
});

test("a message that is sent again long after it was stored is still the same message", async () => {
  const visitor = await app.visitor();
  const id = newId();
  const { conversation } = await visitor.send("Only once", { id });
  const conversationId = await makeOlder(app.sql, conversation.id, age);
  const again = await visitor.send("Only once", { id, conversationId });
  expect(again.message).toMatchObject({ id, seq: 1, conversationId });
  const late = await visitor.send("A late one", { conversationId });
  expect(late.conversation).toMatchObject({ continuesId: conversationId });
});

test("a deletion of an archived conversation is undone", async () => {
  const { conversationId } = await app.scene();
  const id = await makeOlder(app.sql, conversationId, age);
  await app.owner.api("DELETE", `${website()}/conversations/${id}`, {});
  await app.owner.api("POST", `${website()}/conversations/${id}/restore`);
  expect(await read(id)).toEqual([[1, "Hello, is anybody there?"]]);
});

test("a deleted message of an archived conversation comes back", async () => {
  const { agent, conversationId } = await app.scene();
  const { message } = await agent.send(conversationId, "To be missed");
  const id = await makeOlder(app.sql, conversationId, age);
  const path = `${website()}/conversations/${id}/messages/${message.id}`;
  await agent.api("DELETE", path);
  expect((await read(id)).at(1)).toEqual([2, "This message was deleted."]);
  await agent.api("POST", `${path}/restore`, {});
  expect((await read(id)).at(1)).toEqual([2, "To be missed"]);
  await expectArchived(id, [1, 2]);
});

test("a conversation of an archived month is imported into the archive, and a second time not at all", async () => {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  const at = new Date(Number.parseInt(old.replace("-", "").slice(0, 12), 16) + 60_000).toISOString();
  const messages = ["First", "Second"].map(body => ({ author: "visitor", at, body }));
  const line = JSON.stringify({ id: 1, visitor: { id: "v1" }, messages });
  const run = () =>
    importConversations(connection.db, Readable.from([line]), {
      ...{ websiteId: app.website.id, isDryRun: false },
      onProgress() {},
    });
  expect(await run()).toMatchObject({ conversations: 1, messages: 2 });
  expect(await run()).toMatchObject({ conversations: 0, alreadyHere: 1 });
  await connection.close();
  const imported = "select conversation_id as id from messages_archive where body = 'Second'";
  const { rows } = await app.sql.query(imported);
  expect(rows).toHaveLength(1);
  expect(monthOf(rows[0].id)).toBe(month);
  await expectArchived(rows[0].id, [1, 2]);
});

test("messages by time and the recount have the archive too", async () => {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  const day = 86_400_000;
  const listed = await listMessagesBetween(connection.db, {
    websiteId: app.website.id,
    from: new Date(Date.now() - (age + 1) * day),
    until: new Date(),
    after: null,
    limit: 1000,
  });
  expect(listed.filter(({ conversationId }) => conversationId === old).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  await app.sql.query("update conversations set agent_unread = 9, changed_at = now() where id = $1", [old]);
  expect(await recount(connection.db, { sinceHours: 1 })).toContainEqual({
    websiteId: app.website.id,
    conversationId: old,
  });
  const { rows } = await app.sql.query("select agent_unread, last_seq from conversations where id = $1", [old]);
  expect(rows).toEqual([{ agent_unread: 2, last_seq: 3 }]);
  await connection.close();
});

test("an archived month is never made again, whichever way it is asked for", async () => {
  await expect(app.sql.query("select make_message_partitions($1::date, 0)", [`${month}-01`])).rejects.toMatchObject({
    code: "PM001",
    message: `the month ${month} of messages is archived`,
  });
  const { rows } = await app.sql.query("select make_message_partitions($1::date, 1) as made", [`${month}-01`]);
  expect(rows[0].made).toBeLessThanOrEqual(1); // the month after it
  await expect(
    app.sql.query(`create table again partition of messages for values from ('${old}') to ('${old.slice(0, -1)}z')`),
  ).rejects.toThrow();
  await expectArchived(old, [1, 2, 3]);
});

test("a recent month that a wrong clock has archived still takes messages", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  await archive(monthOf(conversationId));
  await visitor.send("A second one", { conversationId });
  await agent.act(conversationId, "resolve");
  const begun = await (await app.visitor()).send("A first one");
  await expectArchived(conversationId, [1, 2, 3]);
  await expectArchived(begun.conversation.id, [1]);
});

test("a deleted month is an error that says so, for readers and for writers", async () => {
  const { agent, conversationId } = await app.scene();
  const id = await makeOlder(app.sql, conversationId, 500);
  await app.sql.query(`drop table ${partitionOf(id)}`);
  await app.sql.query("update message_months set state = 'dropped' where month = $1", [`${monthOf(id)}-01`]);
  const gone = { status: 410, code: "month_gone", message: expect.stringContaining(monthOf(id)) };
  await expect(read(id)).rejects.toMatchObject(gone);
  await expect(agent.act(id, "resolve")).rejects.toMatchObject(gone);
});
