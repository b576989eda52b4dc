import { expect, test } from "vitest";
import type { Conversation } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { isWaiting, waitingOf } from "./waiting.ts";

const ben = { id: "ben", name: "Ben" };
const olga = { id: "olga", name: "Olga" };
const row = { id: "c", status: "open", agentReadSeq: 3, assignee: null } as unknown as Conversation;

const created = (author: string, conversation: Conversation = row) =>
  ({ event: "message.created", data: { message: { author, seq: 4 }, prev: 3, conversation } }) as AgentEvent;

test.each([
  ["all", null, true],
  ["all", ben, true],
  ["mine-and-unassigned", null, true],
  ["mine-and-unassigned", olga, true],
  ["mine-and-unassigned", ben, false],
  ["mine", null, false],
  ["mine", olga, true],
  ["mine", ben, false],
] as const)("scope %s, assignee %j: a message concerns Olga: %s", (scope, assignee, expected) => {
  const event = created("visitor", { ...row, assignee });
  expect(waitingOf(event, { userId: "olga", scope }) !== null).toBe(expected);
});

test.each([
  ["an agent", created("agent")],
  ["the system", created("system")],
  ["a visitor, when it was read already", created("visitor", { ...row, agentReadSeq: 4 })],
  ["a conversation that changed", { event: "conversation.changed", data: { conversation: row } } as AgentEvent],
])("the event of %s notifies of nothing", (_what, event) => {
  expect(waitingOf(event, { userId: "olga", scope: "all" })).toBeNull();
});

test.each<[string, Partial<Conversation>, boolean]>([
  ["unread", {}, true],
  ["read up to the message before", { agentReadSeq: 3 }, true],
  ["read", { agentReadSeq: 4 }, false],
  ["resolved", { status: "resolved" }, false],
  ["deleted", { deletedAt: "2026-12-01T00:00:00.000Z" }, false],
  ["taken by a colleague", { assignee: ben }, false],
])("whether a conversation waits that is %s", (_what, patch, expected) => {
  const waiting = { conversation: row, seq: 4 };
  expect(isWaiting(waiting, { ...row, ...patch }, { userId: "olga", scope: "mine-and-unassigned" })).toBe(expected);
});
