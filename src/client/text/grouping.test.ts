import { expect, test } from "vitest";
import type { Pending } from "#client/store.ts";
import type { Message } from "#protocol/messages.ts";
import { deliveryOf, groupMessages, type ShownMessage } from "./grouping.ts";

const message = (seq: number, at: string, over: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  conversationId: "c",
  seq,
  kind: "text",
  author: "visitor",
  authorId: "v",
  authorName: null,
  body: `body ${seq}`,
  details: null,
  createdAt: `2026-01-${at}.000`,
  ...over,
});
const unsent = (id: string, at: string, over: Partial<Pending> = {}): Pending => ({
  id,
  conversationId: "c",
  websiteId: null,
  kind: "text",
  body: id,
  createdAt: `2026-01-${at}.000`,
  error: null,
  ...over,
});
const anna = { author: "agent", authorId: "a", authorName: "Anna" } as const;
const bert = { author: "agent", authorId: "b", authorName: "Bert" } as const;
const visitor = { author: "visitor", authorId: null, authorName: null } as const;
const refusal = { code: "forbidden", message: "no" } as const;

/** Rows in short: groups as "author: ids", other rows by their type. */
const short = (messages: Message[], outbox: Pending[] = [], writer: Parameters<typeof groupMessages>[2] = visitor) =>
  groupMessages(messages, outbox, writer).map(row =>
    row.type === "group"
      ? `${row.authorName ?? row.author}: ${row.messages.map(message => message.id).join(" ")}`
      : row.type,
  );

test("messages of one author within a minute stand together", () => {
  const rows = short([
    message(1, "02T12:00:01"),
    message(2, "02T12:00:59"),
    message(3, "02T12:01:00"),
    message(4, "02T12:01:10", anna),
    message(5, "02T12:01:20", bert),
    message(6, "02T12:01:30", bert),
  ]);
  expect(rows).toEqual(["day", "visitor: m1 m2", "visitor: m3", "Anna: m4", "Bert: m5 m6"]);
});

test("a note never hides among replies of the same author", () => {
  const at = "02T12:00:00";
  const rows = short([message(1, at, anna), message(2, at, { ...anna, kind: "note" }), message(3, at, anna)]);
  expect(rows).toEqual(["day", "Anna: m1", "Anna: m2", "Anna: m3"]);
});

test("days, events and continued conversations stand between the groups", () => {
  const rows = short([
    message(1, "02T12:00:00"),
    message(2, "02T12:00:10", { kind: "event", author: "system", details: { type: "resolved" } }),
    message(3, "02T12:00:20"),
    message(4, "04T12:00:00"),
    message(5, "04T12:00:10", { conversationId: "d" }),
  ]);
  expect(rows).toEqual([
    "day",
    "visitor: m1",
    "event",
    "visitor: m3",
    "day",
    "visitor: m4",
    "continued",
    "visitor: m5",
  ]);
});

test("an unsent message joins its writer's group, and one that was refused stands alone", () => {
  const at = "02T12:00:00";
  expect(short([message(1, at)], [unsent("p", at)])).toEqual(["day", "visitor: m1 p"]);
  expect(short([message(1, at, anna)], [unsent("p", at)], anna)).toEqual(["day", "Anna: m1 p"]);
  expect(short([message(1, at)], [unsent("p", at), unsent("q", at, { error: refusal }), unsent("r", at)])).toEqual([
    "day",
    "visitor: m1 p",
    "visitor: q",
    "visitor: r",
  ]);
});

test("a group keeps its key when older and newer messages join it, and no two rows share one", () => {
  const [first, second, third] = [1, 2, 3].map(seq => message(seq, `02T12:00:0${seq}`));
  const keyOf = (messages: Message[]) => groupMessages(messages, [], visitor).at(-1)!.key;
  expect(keyOf([second!])).toBe(keyOf([first!, second!, third!]));

  const back = [message(4, "03T12:00:00"), message(5, "02T12:00:04", anna), message(6, "02T12:00:05")];
  const keys = groupMessages([first!, second!, ...back], [], visitor).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("groups keep their keys when older messages come, also of two people who answer each other within a minute", () => {
  const talk = Array.from({ length: 9 }, (_, index) => message(index + 1, `02T12:00:0${index}`, index % 2 ? anna : {}));
  const keysFrom = (first: number) => groupMessages(talk.slice(first), [], visitor).map(({ key }) => key);
  const [, visitors, annas, ...others] = keysFrom(4);
  expect(keysFrom(0).slice(-others.length)).toEqual(others);
  expect(keysFrom(0).slice(0, 3)).toEqual(expect.arrayContaining([visitors, annas]));
});

test("a message is pending, sent, read or failed", () => {
  const message = (over: Partial<ShownMessage>) => ({ seq: 2, error: null, ...over }) as ShownMessage;
  expect(deliveryOf(message({}), 1)).toBe("sent");
  expect(deliveryOf(message({}), 2)).toBe("read");
  expect(deliveryOf(message({ seq: undefined }), 9)).toBe("pending");
  expect(deliveryOf(message({ seq: undefined, error: refusal }), 9)).toBe("failed");
});
