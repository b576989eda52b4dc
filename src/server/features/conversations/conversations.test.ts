import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { TestSocket } from "#lab/actors/sockets.ts";
import type {
  Conversation,
  ConversationChanged,
  ConversationShown,
  VisitorConversation,
} from "#protocol/conversations.ts";
import type { AgentPage, AgentSent, Message } from "#protocol/messages.ts";

let app: App;
let agent: AgentClient;
let stranger: AgentClient;
let visitor: VisitorClient;
let conversationId: string;

beforeAll(async () => {
  app = await startApp();
  ({ agent, stranger } = await app.scene());
});
afterAll(() => app.stop());
beforeEach(async () => {
  visitor = await app.visitor();
  conversationId = (await visitor.send("Hello?")).conversation.id;
});

const path = (id = conversationId) => `/websites/${app.website.id}/conversations/${id}`;
const show = async (id = conversationId) => (await agent.api<ConversationShown>("GET", path(id))).conversation;
const act = async (verb: "assign" | "resolve" | "reopen" | "read", body?: unknown, by = agent) =>
  ((await by.act(conversationId, verb, body)) as ConversationChanged).conversation;
const assignTo = (assigneeId: string | null, by = agent) => act("assign", { assigneeId }, by);

async function listEvents(): Promise<Message[]> {
  const { messages } = await agent.api<AgentPage>("GET", `${path()}/messages?limit=100`);
  return messages.filter(({ kind }) => kind === "event");
}

/** The events of the conversation that a socket gets until a last message of an agent, without that message. */
async function eventsUntilNow(socket: TestSocket) {
  const { message: last } = await app.owner.send(conversationId, "That was all");
  await socket.event("message.created", ({ message }) => (message as Message).id === last.id);
  return socket.events.filter(
    ({ event, data }) =>
      event !== "heartbeat" &&
      (data as Partial<AgentSent>).message?.id !== last.id &&
      JSON.stringify(data).includes(conversationId),
  );
}

test("an agent sees the conversation with its visitor; the visitor is online while they are connected", async () => {
  const shown = await agent.api<ConversationShown>("GET", path());
  expect(shown.conversation).toMatchObject({ id: conversationId, status: "open", preview: "Hello?", assignee: null });
  expect(shown.visitor).toMatchObject({ id: shown.conversation.visitor.id, externalId: null, online: false });
  const socket = await visitor.socket();
  expect((await agent.api<ConversationShown>("GET", path())).visitor.online).toBe(true);
  await socket.close();
});

test("assigning reaches agents with an event that names both; the visitor gets nothing of it", async () => {
  const [watching, theirs] = [await app.owner.socket(), await visitor.socket()];
  const { user } = agent.me;
  const assigned = await assignTo(user.id);
  expect(assigned).toMatchObject({ assignee: { id: user.id, name: user.name }, lastSeq: 2 });
  const expected = { kind: "event", authorName: user.name, details: { type: "assigned", to: { id: user.id } } };
  expect(await watching.event("message.created")).toMatchObject({ message: expected, conversation: assigned });
  expect((await assignTo(null, app.owner)).assignee).toBeNull();
  expect((await listEvents()).map(({ details }) => details)).toEqual([
    { type: "assigned", to: { id: user.id, name: user.name } },
    { type: "assigned", to: null },
  ]);
  expect(await eventsUntilNow(theirs)).toEqual([]);
  for (const socket of [watching, theirs]) await socket.close();
});

test("resolving and reopening reach the visitor as a status, without the event that agents see", async () => {
  const theirs = await visitor.socket();
  expect(await act("resolve")).toMatchObject({ status: "resolved", waitingSince: null, lastSeq: 2 });
  expect(await act("reopen")).toMatchObject({ status: "open", lastSeq: 3 });
  expect((await listEvents()).map(({ details }) => details?.type)).toEqual(["resolved", "reopened"]);
  const statuses = (await eventsUntilNow(theirs)).map(({ event, data }) => {
    const { status, lastSeq } = data.conversation as VisitorConversation;
    return [event, status, lastSeq];
  });
  expect(statuses).toEqual([
    ["conversation.changed", "resolved", 1],
    ["conversation.changed", "open", 1],
  ]);
  await theirs.close();
});

test("an act that changes nothing writes nothing and is not published", async () => {
  await assignTo(agent.me.user.id);
  await act("resolve");
  const before = await show();
  const watching = await app.owner.socket();
  await act("resolve", undefined, app.owner);
  await assignTo(agent.me.user.id, app.owner);
  await act("read", { seq: 0 });
  expect(await show()).toEqual(before);
  expect(await eventsUntilNow(watching)).toEqual([]);
  await watching.close();
});

test("of two agents who take a conversation at the same moment, the second reads who was faster", async () => {
  const people = [agent, app.owner];
  const take = (by: AgentClient) => act("assign", { assigneeId: by.me.user.id, from: null }, by);
  const taken = await Promise.allSettled(people.map(take));
  const first = taken.findIndex(({ status }) => status === "fulfilled");
  const { user } = people[first]!.me;
  expect(taken[1 - first]).toMatchObject({
    status: "rejected",
    reason: { code: "conflict", message: expect.stringContaining(`${user.name} has this conversation now`) },
  });
  expect((await show()).assignee).toEqual({ id: user.id, name: user.name });
  expect(await listEvents()).toHaveLength(1);

  const second = people[1 - first]!;
  const knowing = await act("assign", { assigneeId: second.me.user.id, from: user.id }, second);
  expect(knowing.assignee?.id).toBe(second.me.user.id);
  // The same again, as a client sends it after a lost answer.
  await act("assign", { assigneeId: second.me.user.id, from: user.id }, second);
  await expect(act("assign", { assigneeId: null, from: user.id })).rejects.toMatchObject({ code: "conflict" });
  expect(await listEvents()).toHaveLength(2);
});

type State = { status: Conversation["status"]; assigneeId: string | null };

test("acts at the same moment end in one order: each has a number, and the last one of a kind holds", async () => {
  const [one, two] = [agent.me.user, app.owner.me.user];
  await Promise.all([
    assignTo(one.id),
    assignTo(two.id, app.owner),
    assignTo(null),
    act("resolve"),
    act("reopen", undefined, app.owner),
    act("resolve", undefined, app.owner),
    visitor.send("Meanwhile", { conversationId }),
    agent.send(conversationId, "Meanwhile too"),
  ]);
  const { messages, conversation } = await agent.api<AgentPage>("GET", `${path()}/messages?limit=100`);
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  const state = messages.reduce(afterMessage, { status: "open", assigneeId: null });
  expect({ status: conversation.status, assigneeId: conversation.assignee?.id ?? null }).toEqual(state);
});

function afterMessage(before: State, { author, details }: Message): State {
  if (author === "visitor") return { ...before, status: "open" };
  switch (details?.type) {
    case "assigned":
      return { ...before, assigneeId: details.to?.id ?? null };
    case "resolved":
      return { ...before, status: "resolved" };
    case "reopened":
      return { ...before, status: "open" };
    default:
      return before;
  }
}

test("the read cursor of the agents goes forward only, to the last message at most, also when reads cross", async () => {
  for (const body of ["Two", "Three", "Four"]) await visitor.send(body, { conversationId });
  expect(await act("read", { seq: 2 })).toMatchObject({ agentReadSeq: 2, unread: 2 });
  const socket = await app.owner.socket();
  const onSocket = (seq: number) =>
    socket.command("conversation.read", { websiteId: app.website.id, conversationId, seq });
  await Promise.all([onSocket(1), act("read", { seq: 3 }), onSocket(4), act("read", { seq: 2 }), onSocket(3)]);
  expect(await show()).toMatchObject({ agentReadSeq: 4, unread: 0 });
  expect(await act("read", { seq: 2_147_483_647 })).toMatchObject({ agentReadSeq: 4 });
  await socket.close();
});

test("agents see how far the visitor has read, and their notes are not among the unread of the visitor", async () => {
  await agent.send(conversationId, "For us", { kind: "note" });
  const { message } = await agent.send(conversationId, "For you");
  const watching = await app.owner.socket();
  const read = await visitor.api<{ conversation: VisitorConversation }>(
    "POST",
    `/widget/conversations/${conversationId}/read`,
    { seq: message.seq },
  );
  expect(read.conversation).toMatchObject({ unread: 0, visitorReadSeq: message.seq });
  const changed = await watching.event(
    "conversation.changed",
    data => (data.conversation as Conversation).id === conversationId,
  );
  expect(changed.conversation).toMatchObject({ visitorReadSeq: message.seq });
  await watching.close();
});

test("typing reaches only the visitor and the agents of the website", async () => {
  const other = await app.visitor();
  await other.send("Another conversation");
  const sockets = await Promise.all([app.owner.socket(), visitor.socket(), other.socket(), stranger.socket()]);
  const [watching, theirs, otherVisitor, foreign] = sockets as [TestSocket, TestSocket, TestSocket, TestSocket];
  await watching.command("conversation.typing", { websiteId: app.website.id, conversationId, typing: true });
  const { name } = app.owner.me.user;
  expect(await theirs.event("conversation.typing")).toEqual({ conversationId, author: "agent", name, typing: true });
  await theirs.command("conversation.typing", { conversationId, typing: false });
  expect(await watching.event("conversation.typing", ({ author }) => author === "visitor")).toMatchObject({
    conversationId,
    authorId: null,
    typing: false,
  });
  await eventsUntilNow(watching);
  for (const socket of [otherVisitor, foreign]) {
    expect(socket.events.filter(({ data }) => JSON.stringify(data).includes(conversationId))).toEqual([]);
  }
  for (const socket of sockets) await socket.close();
});

test("a conversation is given to members of its website only", async () => {
  const before = await show();
  for (const assigneeId of [stranger.me.user.id, newId()]) {
    await expect(assignTo(assigneeId)).rejects.toMatchObject({ code: "conflict" });
  }
  expect(await show()).toEqual(before);
});

test("to strangers, by whatever address, the conversation does not exist", async () => {
  const before = await show();
  const theirs = `/websites/${stranger.me.websites[0]!.id}/conversations/${conversationId}`;
  for (const at of [path(), theirs]) {
    for (const [method, verb, body] of [
      ["GET", ""],
      ["POST", "/assign", { assigneeId: null }],
      ["POST", "/resolve"],
      ["POST", "/reopen"],
      ["POST", "/read", { seq: 1 }],
    ] as const) {
      await expect(stranger.api(method, at + verb, body)).rejects.toMatchObject({ status: 404, code: "not_found" });
    }
  }
  const other = await app.visitor();
  const read = other.api("POST", `/widget/conversations/${conversationId}/read`, { seq: 1 });
  await expect(read).rejects.toMatchObject({ status: 404, code: "not_found" });
  expect(await show()).toEqual(before);
});

test("a conversation that is deleted, or was never there, is not found", async () => {
  const theirs = await visitor.socket();
  await app.sql.query("update conversations set deleted_at = now() where id = $1", [conversationId]);
  for (const id of [conversationId, newId()]) {
    await expect(show(id)).rejects.toMatchObject({ code: "not_found" });
    for (const verb of ["resolve", "reopen"]) {
      await expect(agent.api("POST", `${path(id)}/${verb}`)).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(agent.send(id, "Anybody?")).rejects.toMatchObject({ code: "not_found" });
    const read = theirs.command("conversation.read", { conversationId: id, seq: 1 });
    await expect(read).rejects.toMatchObject({ code: "not_found" });
  }
  await theirs.close();
});

test("what is no id, number or person is refused, and the field is named", async () => {
  const before = await show();
  for (const seq of [-1, 1.5, 2_147_483_648, "1", null]) {
    const reading = agent.api("POST", `${path()}/read`, { seq });
    await expect(reading).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining("seq") });
  }
  for (const body of [{}, { assigneeId: "somebody" }, { assigneeId: 1 }]) {
    const assigning = agent.api("POST", `${path()}/assign`, body);
    const refusal = { code: "invalid_request", message: expect.stringContaining("assigneeId") };
    await expect(assigning).rejects.toMatchObject(refusal);
  }
  const odd = agent.api("GET", path("not-an-id"));
  await expect(odd).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining("conversationId"),
  });
  expect(await show()).toEqual(before);
});
