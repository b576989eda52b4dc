import { expect, test } from "vitest";
import type { Pending } from "#client/store.ts";
import type { Message } from "#protocol/messages.ts";
import { threadItems } from "./thread-items.ts";

const me = { id: "me", name: "Ada" };
let seq = 0;
const message = (change: Partial<Message>): Message => ({
  id: `m${++seq}`,
  conversationId: "c",
  seq,
  kind: "text",
  author: "visitor",
  authorId: "v",
  authorName: null,
  body: "hello",
  details: null,
  createdAt: "2026-03-01T10:00:10.000",
  ...change,
});
const pending = (change: Partial<Pending> = {}): Pending => ({
  id: `p${++seq}`,
  conversationId: "c",
  websiteId: 1,
  kind: "text",
  body: "hi",
  createdAt: "2026-03-01T10:01:00.000",
  error: null,
  ...change,
});
const shape = (messages: Message[], outbox: Pending[] = []) =>
  threadItems(messages, outbox, me).map(item => (item.type === "group" ? item.lines.length : item.type));

test("messages of one author and minute stand together", () => {
  expect(
    shape([
      message({}),
      message({ createdAt: "2026-03-01T10:00:50.000" }),
      message({ createdAt: "2026-03-01T10:01:00.000" }),
      message({ createdAt: "2026-03-01T10:01:05.000", author: "agent", authorId: "me" }),
    ]),
  ).toEqual(["day", 2, 1, 1]);
});

test("a note never hides among replies of the same author", () => {
  const agent = { author: "agent", authorId: "me" } as const;
  expect(shape([message(agent), message({ ...agent, kind: "note" }), message(agent)])).toEqual(["day", 1, 1, 1]);
});

test("days, events and continued conversations stand between the groups", () => {
  expect(
    shape([
      message({}),
      message({ kind: "event", author: "agent", details: { type: "resolved" } }),
      message({ createdAt: "2026-03-02T10:00:00.000" }),
      message({ createdAt: "2026-04-02T10:00:00.000", conversationId: "d" }),
    ]),
  ).toEqual(["day", 1, "event", "day", 1, "continued", "day", 1]);
});

test("what failed stands alone, with its reason", () => {
  const error = { code: "forbidden", message: "no" } as const;
  const items = threadItems([message({})], [pending(), pending({ error }), pending()], me);
  expect(items.map(item => item.type === "group" && item.lines.map(line => line.error?.message ?? line.seq))).toEqual([
    false,
    [expect.any(Number)],
    [null],
    ["no"],
    [null],
  ]);
});
