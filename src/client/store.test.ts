import { expect, test } from "vitest";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";
import { apply, type Change, emptyState, hasOlder, messagesOf, type Pending, type State } from "./store.ts";

const moment = "2026-01-02T03:04:05.000Z";
const conversation = (id: string, over: Partial<VisitorConversation> = {}): VisitorConversation => ({
  id,
  version: 1,
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
const message = (conversationId: string, seq: number): Message => ({
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
  const before = run([{ event: "outbox.changed", data: { outbox: [unsent("a1"), unsent("a2")] } }]);
  const after = run([created("a", 1, 0)], before);
  expect(ids(after, "a")).toEqual(["a1"]);
  expect(after.outbox.map(row => row.id)).toEqual(["a2"]);
  expect(hasOlder(after, "a")).toBe(false);
  expect(ids(run([created("a", 2, 1)], after), "a")).toEqual(["a1", "a2"]);
});

test("somebody else's message opens no thread, and one that leaves a gap is not shown", () => {
  expect(run([created("a", 1, 0)]).threads).toEqual({});
  const state = run([loaded("a", [1], false), created("a", 3, 2)]);
  expect(ids(state, "a")).toEqual(["a1"]);
  expect(state.heads.a).toBe(3);
});

test("messages that overtook others are shown when these have come, each once, by an event or by a page", () => {
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

test("a private note between two messages is no gap for whoever may not see it", () => {
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

test("a visitor's presence changes their rows, and nothing at all when there are none or they say so already", () => {
  const rows = [agentRow("a", "v"), agentRow("b", "w")];
  const before = apply<Conversation>(emptyState, {
    event: "conversations.loaded",
    data: { conversations: rows, gone: [] },
  });
  const seen = (visitorId: string, online: boolean): Change => ({
    event: "visitor.presence",
    data: { websiteId: 1, visitorId, online, page: null },
  });
  expect(apply(before, seen("nobody", true))).toBe(before);
  expect(apply(before, seen("v", false))).toBe(before);
  const after = apply(before, seen("v", true));
  expect(Object.values(after.conversations).map(row => row.visitor.online)).toEqual([true, false]);
  expect(after.conversations.b).toBe(before.conversations.b);
});

test("an agent's counts are the newest that came, by an event, a heartbeat or a request", () => {
  const counts = (all: number) => ({ all, mine: 0, unassigned: 0 });
  const after = [
    { event: "counts.loaded", data: { websiteId: 1, counts: counts(3) } },
    { event: "inbox.counts", data: { websiteId: 2, counts: counts(5) } },
    { event: "inbox.counts", data: { websiteId: 1, counts: counts(4) } },
  ].reduce<State>((state, change) => apply(state, change as Change), emptyState);
  expect(after.counts).toEqual({ 1: counts(4), 2: counts(5) });
});
