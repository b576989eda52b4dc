import { expect, test } from "vitest";
import { apply, emptyState, type State } from "#client/store.ts";
import { currentOf } from "#client/visitor.ts";
import type { VisitorConversation } from "#protocol/conversations.ts";
import { threadOf } from "./current-thread.ts";

const moment = "2026-01-02T03:04:05.000Z";
const conversation = (id: string, continuesId: string | null = null): VisitorConversation => ({
  id,
  version: 1,
  status: "open",
  lastSeq: 1,
  agentReadSeq: 0,
  visitorReadSeq: 0,
  unread: 0,
  lastMessageAt: moment,
  createdAt: moment,
  continuesId,
});
const known = (state: State<VisitorConversation>, row: VisitorConversation) =>
  apply(state, { event: "conversation.changed", data: { conversation: row } });
const loaded = (state: State<VisitorConversation>, row: VisitorConversation) => {
  const [author, kind] = ["visitor", "text"] as const;
  const rest = { authorId: null, authorName: null, body: "", details: null, createdAt: moment };
  const message = { id: `${row.id}1`, conversationId: row.id, seq: 1, kind, author, ...rest };
  const data = { messages: [message], more: false, conversation: row, asked: {} };
  return apply(state, { event: "page.loaded", data });
};

test("before the first message there is nothing to wait for", () => {
  expect(threadOf(emptyState)).toEqual({ id: undefined, loaded: true, messages: [], older: false });
});

test("the newest conversation is current, in any order of arrival", () => {
  const state = known(known(emptyState, conversation("b", "a")), conversation("a"));
  expect(currentOf(state)?.id).toBe("b");
  expect(threadOf(state)).toMatchObject({ id: "b", loaded: false });
});

test("a conversation that continues the one on the screen takes its place when it is loaded", () => {
  const first = loaded(emptyState, conversation("a"));
  const waiting = known(first, conversation("b", "a"));
  expect(threadOf(waiting)).toMatchObject({ id: "a", loaded: true, older: false });
  const both = threadOf(loaded(waiting, conversation("b", "a")));
  expect(both).toMatchObject({ id: "b", loaded: true, older: false });
  expect(both.messages.map(message => message.id)).toEqual(["a1", "b1"]);
});

test("a reloaded page first holds the newest conversation and knows that there is more", () => {
  expect(threadOf(loaded(emptyState, conversation("b", "a")))).toMatchObject({ id: "b", older: true });
});
