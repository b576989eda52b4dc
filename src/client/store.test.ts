import { expect, test } from "vitest";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import { applyForAgent, asChanged } from "./agent-store.ts";
import { apply, type Change, emptyState, hasOlder, isBehind, messagesOf, type Pending, type State } from "./store.ts";

const moment = "2026-01-02T03:04:05.000Z";
const conversation = (id: string, over: Partial<VisitorConversation> = {}): VisitorConversation => ({
  id,
  version: 1,
  changedVersion: 0,
  status: "open",
  lastSeq: 1,
  agentReadSeq: 0,
  visitorReadSeq: 0,
  unread: 0,
  lastMessageAt: moment,
  createdAt: moment,
  continuesId: null,
  ...over,
});
const message = (conversationId: string, seq: number, over: Partial<Message> = {}): Message => ({
  id: `${conversationId}${seq}`,
  conversationId,
  seq,
  kind: "text",
  author: "visitor",
  authorId: null,
  authorName: null,
  body: "hello",
  details: null,
  createdAt: moment,
  editedAt: null,
  deletedAt: null,
  changedVersion: null,
  ...over,
});
const unsent = (id: string): Pending => ({
  id,
  conversationId: null,
  websiteId: null,
  kind: "text",
  body: "hello",
  createdAt: moment,
  error: null,
});

const created = (id: string, seq: number, prev: number, over: Partial<VisitorConversation> = {}): Change => ({
  event: "message.created",
  data: { message: message(id, seq), prev, conversation: conversation(id, { lastSeq: seq, ...over }) },
});
const loaded = (id: string, seqs: number[], more: boolean, over: Partial<VisitorConversation> = {}): Change => ({
  event: "page.loaded",
  data: {
    messages: seqs.map(seq => message(id, seq)),
    more,
    conversation: conversation(id, { lastSeq: seqs.at(-1) ?? 0, ...over }),
    asked: {},
  },
});
const run = (changes: Change[], from: State<VisitorConversation> = emptyState) => changes.reduce(apply, from);
const ids = (state: State, id: string) => messagesOf(state, id).map(row => row.id);

test("the first message of a conversation stays in sight when it is acknowledged", () => {
  const before = run([{ event: "pending.changed", data: { outbox: [unsent("a1"), unsent("a2")] } }]);
  const after = run([created("a", 1, 0)], before);
  expect(ids(after, "a")).toEqual(["a1"]);
  expect(after.outbox.map(row => row.id)).toEqual(["a2"]);
  expect(hasOlder(after, "a")).toBe(false);
  expect(ids(run([created("a", 2, 1)], after), "a")).toEqual(["a1", "a2"]);
});

test("a message of another person opens no thread, and a message after a gap is not shown", () => {
  expect(run([created("a", 1, 0)]).threads).toEqual({});
  const state = run([loaded("a", [1], false), created("a", 3, 2)]);
  expect(ids(state, "a")).toEqual(["a1"]);
  expect(state.heads.a?.lastSeq).toBe(3);
});

test("messages that overtook others are shown when those have arrived, each once, by an event or a page", () => {
  const overtaken = run([loaded("a", [1], false), created("a", 4, 3), created("a", 3, 2), created("a", 4, 3)]);
  expect(ids(overtaken, "a")).toEqual(["a1"]);
  expect(ids(run([created("a", 2, 1)], overtaken), "a")).toEqual(["a1", "a2", "a3", "a4"]);
  const asked: Change = {
    event: "page.loaded",
    data: { messages: [message("a", 2)], more: false, conversation: conversation("a"), asked: { after: 1 } },
  };
  const whole = run([asked, created("a", 3, 2), created("a", 5, 4)], overtaken);
  expect(ids(whole, "a")).toEqual(["a1", "a2", "a3", "a4", "a5"]);
  expect(whole.threads.a).toMatchObject({ lastSeq: 5, early: [] });
});

test("a note between two messages is no gap for a visitor, who may not see it", () => {
  expect(ids(run([loaded("a", [1], false), created("a", 3, 1)]), "a")).toEqual(["a1", "a3"]);
});

test("a thread reaches back through the conversations that it continues", () => {
  const newer = loaded("b", [1, 2], false, { continuesId: "a" });
  const half = run([newer]);
  expect(hasOlder(half, "b")).toBe(true);
  const whole = run([loaded("a", [1], false)], half);
  expect(ids(whole, "b")).toEqual(["a1", "b1", "b2"]);
  expect(hasOlder(whole, "b")).toBe(false);
  expect(hasOlder(run([loaded("a", [5], true)], half), "b")).toBe(true);
});

test("of two copies of a conversation the newer stays, whichever came first", () => {
  const changed = (version: number): Change => ({
    event: "conversation.changed",
    data: { conversation: conversation("a", { version }) },
  });
  expect(run([changed(2), changed(1)]).conversations.a?.version).toBe(2);
  expect(run([changed(1), changed(2)]).conversations.a?.version).toBe(2);
});

/** Message `seq` as its change at `version` left it, after the conversation's change at `prevChanged`. */
const changed = (
  id: string,
  seq: number,
  version: number,
  prevChanged: number,
  over: Partial<Message> = {},
): Change => ({
  event: "message.changed",
  data: {
    message: message(id, seq, { body: `at ${version}`, editedAt: moment, changedVersion: version, ...over }),
    prevChanged,
    conversation: conversation(id, { version, changedVersion: version }),
  },
});
/** What a recovery brings: what follows `after`, and what changed up to there since `since`. */
const recovered = (
  asked: { after: number; since: number },
  page: { messages?: Message[]; changed?: Message[]; moreChanged?: boolean; asOf: number },
): Change => ({
  event: "page.loaded",
  data: {
    messages: page.messages ?? [],
    more: false,
    changed: page.changed ?? [],
    moreChanged: page.moreChanged ?? false,
    conversation: conversation("a", { version: page.asOf, changedVersion: page.asOf }),
    asked,
  },
});
const bodies = (state: State, id: string) => messagesOf(state, id).map(row => row.body);
const three = run([loaded("a", [1, 2, 3], false)]);

test("an edited message replaces the old text, and a deleted one keeps its place", () => {
  const edited = run([changed("a", 2, 7, 0)], three);
  expect(bodies(edited, "a")).toEqual(["hello", "at 7", "hello"]);
  expect(edited.threads.a?.changedVersion).toBe(7);
  const deleted = run([changed("a", 2, 9, 7, { body: "", deletedAt: moment })], edited);
  expect(messagesOf(deleted, "a")[1]).toMatchObject({ id: "a2", seq: 2, body: "", deletedAt: moment });
  expect(isBehind(deleted, "a")).toBe(false);
  expect(deleted.conversations.a?.version).toBe(9);
});

test("a change of a message or a conversation that is not held opens nothing", () => {
  expect(run([changed("a", 2, 7, 0)]).threads).toEqual({});
  const newest = run([loaded("a", [5, 6], true), changed("a", 2, 7, 0)]);
  expect(bodies(newest, "a")).toEqual(["hello", "hello"]);
  expect(isBehind(newest, "a")).toBe(false);
});

test("after a missed change a thread is behind until it has requested the changes", () => {
  const missed = run([changed("a", 3, 9, 7)], three);
  expect(bodies(missed, "a")).toEqual(["hello", "hello", "at 9"]);
  expect(isBehind(missed, "a")).toBe(true);
  const copies = [
    message("a", 1, { body: "at 7", changedVersion: 7 }),
    message("a", 3, { body: "at 9", changedVersion: 9 }),
  ];
  const whole = run([recovered({ after: 3, since: 0 }, { changed: copies, asOf: 9 })], missed);
  expect(bodies(whole, "a")).toEqual(["at 7", "hello", "at 9"]);
  expect(isBehind(whole, "a")).toBe(false);
  const half = run(
    [recovered({ after: 3, since: 0 }, { changed: copies.slice(0, 1), moreChanged: true, asOf: 9 })],
    missed,
  );
  expect(half.threads.a?.changedVersion).toBe(7);
  expect(isBehind(half, "a")).toBe(true);
});

test("a conversation's row alone says that a change was missed", () => {
  const behind = run(
    [{ event: "conversation.changed", data: { conversation: conversation("a", { version: 8, changedVersion: 7 }) } }],
    three,
  );
  expect(isBehind(behind, "a")).toBe(true);
});

test("an older change, or the same one again, changes nothing", () => {
  const edited = run([changed("a", 2, 7, 0), changed("a", 2, 9, 7)], three);
  const again = run([changed("a", 2, 7, 0), changed("a", 2, 9, 7)], edited);
  expect(again.threads.a).toBe(edited.threads.a);
  const late = recovered({ after: 3, since: 0 }, { changed: [message("a", 2, { changedVersion: 7 })], asOf: 7 });
  expect(bodies(run([late], edited), "a")).toEqual(["hello", "at 9", "hello"]);
  expect(run([late], edited).threads.a?.changedVersion).toBe(9);
});

test("an older page that was read before a change does not undo it", () => {
  const newest = run([loaded("a", [3, 4], true)]);
  const edited = run([changed("a", 1, 7, 0)], newest);
  const older: Change = {
    event: "page.loaded",
    data: {
      messages: [message("a", 1), message("a", 2)],
      more: false,
      conversation: conversation("a", { version: 6 }),
      asked: { before: 3 },
    },
  };
  const behind = run([older], edited);
  expect(isBehind(behind, "a")).toBe(true);
  // Nor does an answer that was asked for when the page was not there yet.
  const answered = run([recovered({ after: 4, since: 7 }, { asOf: 7 })], behind);
  expect(isBehind(answered, "a")).toBe(true);
  const copy = message("a", 1, { body: "at 7", changedVersion: 7 });
  const whole = run([recovered({ after: 4, since: 0 }, { changed: [copy], asOf: 7 })], answered);
  expect(bodies(whole, "a")).toEqual(["at 7", "hello", "hello", "hello"]);
  expect(isBehind(whole, "a")).toBe(false);
});

test("a message that arrives after its own change is requested again", () => {
  const overtaken = run([changed("a", 4, 9, 0), created("a", 4, 3, { version: 8 })], three);
  expect(ids(overtaken, "a")).toEqual(["a1", "a2", "a3", "a4"]);
  expect(isBehind(overtaken, "a")).toBe(true);
  const copy = message("a", 4, { body: "at 9", changedVersion: 9 });
  const whole = run([recovered({ after: 4, since: 0 }, { changed: [copy], asOf: 9 })], overtaken);
  expect(bodies(whole, "a").at(-1)).toBe("at 9");
  expect(isBehind(whole, "a")).toBe(false);
});

test("messages from a server of the version before count as never changed", () => {
  const old = (change: Change): Change =>
    JSON.parse(JSON.stringify(change, (key, value) => (key === "changedVersion" ? undefined : value)));
  const state = run([old(loaded("a", [1, 2], false)), old(created("a", 3, 2)), old(created("a", 4, 3))]);
  expect(ids(state, "a")).toEqual(["a1", "a2", "a3", "a4"]);
  expect(isBehind(state, "a")).toBe(false);
  expect(isBehind(run([changed("a", 2, 7, 0)], state), "a")).toBe(false);
});

test("own changes show until they are answered, of each message the last one", () => {
  const edit = { conversationId: "a", id: "a2", patch: { body: "mine", editedAt: moment } };
  const removal = { conversationId: "a", id: "a2", patch: { body: "", details: null, deletedAt: moment } } as const;
  const pending = run([{ event: "pending.changed", data: { changes: [edit] } }], three);
  expect(bodies(pending, "a")).toEqual(["hello", "mine", "hello"]);
  const both = run([{ event: "pending.changed", data: { changes: [edit, removal] } }], three);
  expect(messagesOf(both, "a")[1]).toMatchObject({ body: "", deletedAt: moment });
  const none = run([{ event: "pending.changed", data: { changes: [] } }], both);
  expect(messagesOf(none, "a")).toBe(three.threads.a?.messages);
});

const agentRow = (id: string, visitorId: string): Conversation => ({
  ...conversation(id),
  websiteId: 1,
  visitor: { id: visitorId, name: null, email: null, online: false },
  assignee: null,
  preview: "hello",
  previewAuthor: "visitor",
  waitingSince: null,
  tagIds: [],
});

test("a change that waits for its answer is not hidden by a copy of the row before it, but by the next version", () => {
  const row = agentRow("a", "v");
  const show = (state: State<Conversation>, conversation: Conversation) =>
    applyForAgent(state, { event: "conversation.changed", data: { conversation } });
  const load = (state: State<Conversation>, ...conversations: Conversation[]) =>
    applyForAgent(state, { event: "conversations.loaded", data: { conversations, removed: [] } });
  const resolved = show(load(emptyState, row), asChanged(row, { status: "resolved" }));
  expect(load(show(resolved, row), row).conversations.a).toMatchObject({ status: "resolved" });
  const reopened = show(resolved, asChanged(resolved.conversations.a!, { status: "open" }));
  expect(reopened.conversations.a).toMatchObject({ status: "open" });
  const answered = show(reopened, { ...row, version: 2, status: "resolved" });
  expect(answered.conversations.a).toMatchObject({ status: "resolved", version: 2 });
});

test("a visitor's presence changes the visitor's rows, and nothing if there are none or they have it already", () => {
  const rows = [agentRow("a", "v"), agentRow("b", "w")];
  const before = applyForAgent(emptyState, {
    event: "conversations.loaded",
    data: { conversations: rows, removed: [] },
  });
  const seen = (visitorId: string, online: boolean): Change => ({
    event: "visitor.presence",
    data: { websiteId: 1, visitorId, online, page: null },
  });
  expect(applyForAgent(before, seen("nobody", true))).toBe(before);
  expect(applyForAgent(before, seen("v", false))).toBe(before);
  const after = applyForAgent(before, seen("v", true));
  expect(Object.values(after.conversations).map(row => row.visitor.online)).toEqual([true, false]);
  expect(after.conversations.b).toBe(before.conversations.b);
});

test("an agent's counts are the newest ones, from an event, a heartbeat or a request", () => {
  const counts = (all: number) => ({ all, mine: 0, unassigned: 0 });
  const after = [
    { event: "counts.loaded", data: { websiteId: 1, counts: counts(3) } },
    { event: "inbox.counts", data: { websiteId: 2, counts: counts(5) } },
    { event: "inbox.counts", data: { websiteId: 1, counts: counts(4) } },
  ].reduce<State<Conversation>>((state, change) => applyForAgent(state, change as Change), emptyState);
  expect(after.counts).toEqual({ 1: counts(4), 2: counts(5) });
});
