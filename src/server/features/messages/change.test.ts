import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/lifecycle/recount.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { Conversation, ConversationShown } from "#protocol/conversations.ts";
import type { AgentChanged, AgentPage, Message, VisitorChanged, VisitorPage } from "#protocol/messages.ts";

let app: App;
let connection: Connection;
let agent: AgentClient;
let stranger: AgentClient;
beforeAll(async () => {
  app = await startApp();
  agent = await app.agent();
  stranger = (await app.otherWebsite()).owner;
  connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

const messagesOf = (conversationId: string) => `/websites/${app.website.id}/conversations/${conversationId}/messages`;
const visitorMessagesOf = (conversationId: string) => `/widget/conversations/${conversationId}/messages`;

const edit = (agent: AgentClient, { conversationId, id }: Message, body: string) =>
  agent.api<AgentChanged>("PATCH", `${messagesOf(conversationId)}/${id}`, { body });
const remove = (agent: AgentClient, { conversationId, id }: Message) =>
  agent.api<AgentChanged>("DELETE", `${messagesOf(conversationId)}/${id}`);
const editAsVisitor = (visitor: VisitorClient, { conversationId, id }: Message, body: string) =>
  visitor.api<VisitorChanged>("PATCH", `${visitorMessagesOf(conversationId)}/${id}`, { body });
const removeAsVisitor = (visitor: VisitorClient, { conversationId, id }: Message) =>
  visitor.api<VisitorChanged>("DELETE", `${visitorMessagesOf(conversationId)}/${id}`);

const show = async (conversationId: string): Promise<Conversation> => {
  const path = `/websites/${app.website.id}/conversations/${conversationId}`;
  return (await app.owner.api<ConversationShown>("GET", path)).conversation;
};
const readAll = (conversationId: string, query = "after=0&since=0&limit=100") =>
  app.owner.api<Required<AgentPage>>("GET", `${messagesOf(conversationId)}?${query}`);

/** A visitor who has asked something. */
async function scene() {
  const visitor = await app.visitor();
  const { message: question } = await visitor.send("Hello, is anybody there?");
  return { visitor, conversationId: question.conversationId, question };
}

test("an edit reaches agents and visitor, and both read it afterwards", async () => {
  const { visitor, conversationId } = await scene();
  const [theirs, ours] = await Promise.all([visitor.socket(), app.owner.socket()]);
  const { message, conversation } = await agent.send(conversationId, "Yse");
  const changed = await edit(agent, message, "Yes");

  const version = conversation.version + 1;
  expect(changed.message).toEqual({ ...message, body: "Yes", editedAt: expect.any(String), changedVersion: version });
  expect(changed).toMatchObject({
    prevChanged: 0,
    conversation: { version, changedVersion: version, preview: "Yes", lastMessageAt: conversation.lastMessageAt },
  });
  expect(await ours.event("message.changed")).toEqual(changed);
  expect(await theirs.event("message.changed")).toMatchObject({
    message: changed.message,
    prevChanged: 0,
    conversation: { changedVersion: version },
  });
  expect((await readAll(conversationId)).messages.at(-1)).toEqual(changed.message);
  const page = await visitor.api<VisitorPage>("GET", visitorMessagesOf(conversationId));
  expect(page.messages.at(-1)).toEqual(changed.message);
  expect(page.conversation.changedVersion).toBe(version);
  await Promise.all([theirs.close(), ours.close()]);
});

test("a deleted message keeps its place without its text; preview, unread and waiting are as without it", async () => {
  const { visitor, conversationId, question } = await scene();
  const before = await show(conversationId);
  const { message } = await visitor.send("My card number is 4242", { conversationId });
  const { message: tombstone, conversation } = await removeAsVisitor(visitor, message);

  expect(tombstone).toEqual({ ...message, body: "", deletedAt: expect.any(String), changedVersion: 3 + 1 });
  expect(conversation.lastSeq).toBe(2);
  const { preview, previewAuthor, unread, waitingSince } = before;
  expect(await show(conversationId)).toMatchObject({ preview, previewAuthor, unread, waitingSince, lastSeq: 2 });
  expect((await readAll(conversationId)).messages).toEqual([question, tombstone]);
  expect((await agent.send(conversationId, "Hello")).message.seq).toBe(3);

  await removeAsVisitor(visitor, question);
  const { message: answer } = (await readAll(conversationId)).messages.map(message => ({ message }))[2]!;
  await remove(agent, answer);
  expect(await show(conversationId)).toMatchObject({ preview: "", unread: 0, waitingSince: null, lastSeq: 3 });
});

test("when an agent deletes the only answer, the visitor waits again, since the question", async () => {
  const { visitor, conversationId, question } = await scene();
  const { message } = await agent.send(conversationId, "An answer to somebody else");
  expect((await show(conversationId)).waitingSince).toBe(null);
  const { conversation } = await remove(agent, message);
  expect(conversation).toMatchObject({ waitingSince: question.createdAt, preview: question.body });
  const page = await visitor.api<VisitorPage>("GET", visitorMessagesOf(conversationId));
  expect(page.conversation.unread).toBe(0);
});

test("a note is changed among agents", async () => {
  const { visitor, conversationId } = await scene();
  const [theirs, ours] = await Promise.all([visitor.socket(), app.owner.socket()]);
  const { message } = await agent.send(conversationId, "Ordered twice", { kind: "note" });
  await edit(agent, message, "Ordered three times");
  await remove(agent, message);
  await ours.event("message.changed", ({ message }) => (message as Message).deletedAt !== null);
  const { message: next } = await agent.send(conversationId, "You have three orders.");
  const { conversation } = await edit(agent, next, "You have four orders.");
  await theirs.event("message.changed");
  expect(theirs.events.filter(({ event }) => event === "message.changed")).toHaveLength(1);
  const page = await visitor.api<VisitorPage>("GET", `${visitorMessagesOf(conversationId)}?after=3&since=0`);
  expect(page).toMatchObject({ changed: [{ seq: 3 }], conversation: { changedVersion: conversation.changedVersion } });
  await Promise.all([theirs.close(), ours.close()]);
});

test("both ends change their messages over a socket as over HTTP", async () => {
  const { visitor, conversationId, question } = await scene();
  const [theirs, ours] = await Promise.all([visitor.socket(), agent.socket()]);
  const { message: answer } = await agent.send(conversationId, "Yes");
  const target = { websiteId: app.website.id, conversationId };
  const edits = [
    await theirs.command<VisitorChanged>("message.edit", { conversationId, id: question.id, body: "Anybody?" }),
    await ours.command<AgentChanged>("message.edit", { ...target, id: answer.id, body: "Yes!" }),
  ];
  expect(edits.map(({ message }) => message.body)).toEqual(["Anybody?", "Yes!"]);
  const deletions = [
    await theirs.command<VisitorChanged>("message.delete", { conversationId, id: question.id }),
    await ours.command<AgentChanged>("message.delete", { ...target, id: answer.id }),
  ];
  expect(deletions.map(({ message }) => message.body)).toEqual(["", ""]);
  const versions = [...edits, ...deletions].map(({ prevChanged, conversation }) => [
    prevChanged,
    conversation.changedVersion!,
  ]);
  expect(versions.map(([prev]) => prev).slice(1)).toEqual(versions.map(([, now]) => now).slice(0, -1));
  await Promise.all([theirs.close(), ours.close()]);
});

test("only the author can change a message, and no one an event", async () => {
  const { visitor, conversationId, question } = await scene();
  const { message: answer } = await agent.send(conversationId, "Yes");
  await agent.act(conversationId, "resolve");
  const event = (await readAll(conversationId)).messages.at(-1)!;
  const other = await app.visitor();
  const { message: elsewhere } = await other.send("Somebody else's");
  const refused = { code: "not_found", status: 404 };
  const tries = [
    () => edit(agent, question, "No"),
    () => remove(agent, question),
    () => edit(app.owner, answer, "No"),
    () => remove(app.owner, answer),
    () => remove(stranger, answer),
    () => remove(agent, event),
    () => edit(agent, { ...answer, id: newId() }, "No"),
    () => editAsVisitor(visitor, answer, "No"),
    () => removeAsVisitor(visitor, answer),
    () => removeAsVisitor(visitor, elsewhere),
    () => removeAsVisitor(visitor, { ...question, conversationId: elsewhere.conversationId }),
    () => removeAsVisitor(other, question),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toMatchObject(refused);
  expect((await readAll(conversationId)).messages).toEqual([question, answer, event]);
});

test("an edit that is too long or empty is refused", async () => {
  const { visitor, question } = await scene();
  for (const body of ["", "  ", "x".repeat(10_001), "nul \u0000"]) {
    await expect(editAsVisitor(visitor, question, body)).rejects.toMatchObject({ code: "invalid_request" });
  }
});

test("a repeated request gets the current message, changes nothing and is not published again", async () => {
  const { conversationId } = await scene();
  const { message } = await agent.send(conversationId, "Yse");
  const socket = await app.owner.socket();
  const first = await edit(agent, message, "Yes");
  expect(await edit(agent, message, "Yes")).toEqual({ ...first, prevChanged: first.conversation.changedVersion });
  const deleted = await remove(agent, message);
  expect(await remove(agent, message)).toEqual({ ...deleted, prevChanged: deleted.conversation.changedVersion });
  await expect(edit(agent, message, "Yes?")).rejects.toMatchObject({ code: "conflict", status: 409 });
  await agent.send(conversationId, "Next");
  await socket.event("message.created");
  expect(socket.events.filter(({ event }) => event === "message.changed")).toHaveLength(2);
  await socket.close();
});

test("a visitor has 15 minutes by the server's clock, an agent any time", async () => {
  const { visitor, conversationId, question } = await scene();
  const { message: answer } = await agent.send(conversationId, "Yse");
  const age = (seconds: number) =>
    app.sql.query("update messages set created_at = now() - make_interval(secs => $2) where conversation_id = $1", [
      conversationId,
      seconds,
    ]);
  await age(15 * 60 - 30);
  await editAsVisitor(visitor, question, "In time");
  await age(15 * 60 + 1);
  const refused = { code: "too_late", status: 409, message: expect.stringContaining("for 15 minutes") };
  await expect(editAsVisitor(visitor, question, "Too late")).rejects.toMatchObject(refused);
  await expect(removeAsVisitor(visitor, question)).rejects.toMatchObject(refused);
  // A request that got no answer may come again later.
  expect((await editAsVisitor(visitor, question, "In time")).message.body).toBe("In time");
  expect((await edit(agent, answer, "Yes")).message.body).toBe("Yes");
});

test("a client that was away requests what follows N and what changed since V, page by page", async () => {
  const { conversationId } = await scene();
  const sent: Message[] = [];
  for (let i = 2; i <= 9; i++) sent.push((await agent.send(conversationId, `m${i}`)).message);
  const since = (await edit(agent, sent[0]!, "seen")).conversation.changedVersion!;
  const changes = [
    await edit(agent, sent[4]!, "changed"),
    await remove(agent, sent[1]!),
    await edit(agent, sent[2]!, "changed"),
    await edit(agent, sent[4]!, "changed again"),
    await edit(agent, sent[7]!, "newer than what is held"),
  ].map(({ message }) => message);

  const first = await readAll(conversationId, `after=8&since=${since}&limit=2`);
  expect(first).toMatchObject({ messages: [changes[4]], more: false, moreChanged: true });
  expect(first.changed).toEqual([changes[1], changes[2]]);
  expect(first.conversation.changedVersion).toBe(changes[4]!.changedVersion);
  const second = await readAll(conversationId, `after=9&since=${first.changed[1]!.changedVersion}&limit=2`);
  expect(second).toMatchObject({ messages: [], changed: [changes[3], changes[4]], moreChanged: false });
  expect(await readAll(conversationId, `after=9&since=${second.conversation.changedVersion}`)).toMatchObject({
    changed: [],
    moreChanged: false,
  });
});

test("clients that do not know changes read that a message was deleted", async () => {
  const { visitor, conversationId, question } = await scene();
  await visitor.send("Still here", { conversationId });
  await removeAsVisitor(visitor, question);
  const page = await visitor.api<VisitorPage>("GET", visitorMessagesOf(conversationId));
  expect(page.messages.map(({ body }) => body)).toEqual(["This message was deleted.", "Still here"]);
  expect(page).toMatchObject({ changed: [], moreChanged: false });
});

test("sending again restores neither a deleted message nor the text before an edit", async () => {
  const { visitor, conversationId } = await scene();
  const id = newId();
  const { message } = await visitor.send("Secret", { id, conversationId });
  await removeAsVisitor(visitor, message);
  const again = await visitor.send("Secret", { id, conversationId });
  expect(again.message).toMatchObject({ seq: 2, body: "", deletedAt: expect.any(String) });
  const { message: answer } = await agent.send(conversationId, "Yse", { id: newId() });
  const { message: edited } = await edit(agent, answer, "Yes");
  expect((await agent.send(conversationId, "Yse", { id: answer.id })).message).toEqual(edited);
  expect((await readAll(conversationId)).messages).toHaveLength(3);
});

test("sends, edits and deletions at the same moment end in one order of versions, and every counter is right", async () => {
  const { visitor, conversationId } = await scene();
  const sent: Message[] = [];
  for (let i = 0; i < 12; i++) {
    const { message } =
      i % 2 ? await visitor.send(`m${i}`, { conversationId }) : await agent.send(conversationId, `m${i}`);
    sent.push(message);
  }
  const before = await show(conversationId);
  const changes = sent.map((message, i) => {
    if (i % 3 === 2) return i % 2 ? removeAsVisitor(visitor, message) : remove(agent, message);
    return i % 2 ? editAsVisitor(visitor, message, `e${i}`) : edit(agent, message, `e${i}`);
  });
  const sends = Array.from({ length: 8 }, (_, i) =>
    i % 2 ? visitor.send(`n${i}`, { conversationId }) : agent.send(conversationId, `n${i}`),
  );
  const reads = [3, 9].map(seq => agent.act(conversationId, "read", { seq }));
  await Promise.all([...sends, ...reads, ...changes]);

  const page = await readAll(conversationId);
  const versions = page.messages.flatMap(({ changedVersion }) => changedVersion ?? []);
  expect(new Set(versions).size).toBe(12);
  expect(Math.min(...versions)).toBeGreaterThan(before.version);
  expect(page.conversation.changedVersion).toBe(Math.max(...versions));
  const prevs = (await Promise.all(changes)).map(({ prevChanged }) => prevChanged);
  expect(prevs.sort()).toEqual(
    [0, ...versions]
      .toSorted((a, b) => a - b)
      .slice(0, -1)
      .sort(),
  );
  expect(page.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  expect(page.messages.slice(1, 13).map(({ body }) => body)).toEqual(sent.map((_, i) => (i % 3 === 2 ? "" : `e${i}`)));
  expect(await findDrift(connection.db, { sinceHours: 1 })).toEqual([]);
});

test("the audit log has each deletion, without the text", async () => {
  const { visitor, conversationId, question } = await scene();
  const { message } = await agent.send(conversationId, "Secret");
  await remove(agent, message);
  await removeAsVisitor(visitor, question);
  const { rows } = await app.sql.query(
    "select actor_kind, actor_id, details from audit_log where action = 'message.deleted' and target_id = $1 order by id",
    [conversationId],
  );
  const visitorId = (await show(conversationId)).visitor.id;
  expect(rows).toEqual([
    { actor_kind: "user", actor_id: agent.me.user.id, details: { messageId: message.id, author: "agent" } },
    { actor_kind: "visitor", actor_id: visitorId, details: { messageId: question.id, author: "visitor" } },
  ]);
});
