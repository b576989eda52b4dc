import { expect, test } from "vitest";
import type { Pending } from "#client/store.ts";
import type { Message } from "#protocol/messages.ts";
import { rowsOf } from "./rows.ts";

const message = (seq: number, at: string, over: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  conversationId: "c",
  seq,
  kind: "text",
  author: "visitor",
  authorId: null,
  authorName: null,
  body: `body ${seq}`,
  details: null,
  createdAt: `2026-01-${at}.000Z`,
  ...over,
});
const unsent = (id: string, at: string, error: Pending["error"] = null): Pending => ({
  id,
  conversationId: "c",
  websiteId: null,
  kind: "text",
  body: id,
  createdAt: `2026-01-${at}.000Z`,
  error,
});
const anna = { author: "agent", authorId: "a", authorName: "Anna" } as const;
const bert = { author: "agent", authorId: "b", authorName: "Bert" } as const;

/** Rows in short: days as "-", groups as who: which lines (state). */
const short = (messages: Message[], outbox: Pending[] = [], read = 0) =>
  rowsOf(messages, outbox, () => read).map(row => {
    if (row.kind === "day") return "-";
    return `${row.own ? "me" : row.name}: ${row.lines.map(line => line.id).join(" ")} (${row.state})`;
  });

test("messages of one author within a minute stand together", () => {
  const rows = short([
    message(1, "02T12:00:01"),
    message(2, "02T12:00:59"),
    message(3, "02T12:01:00"),
    message(4, "02T12:01:10", anna),
    message(5, "02T12:01:20", bert),
    message(6, "02T12:01:30", bert),
  ]);
  expect(rows).toEqual(["-", "me: m1 m2 (sent)", "me: m3 (sent)", "Anna: m4 (null)", "Bert: m5 m6 (null)"]);
});

test("a day begins where the reader's calendar says", () => {
  const rows = short([message(1, "02T12:00:00"), message(2, "02T12:00:40"), message(3, "04T12:00:00")]);
  expect(rows).toEqual(["-", "me: m1 m2 (sent)", "-", "me: m3 (sent)"]);
});

test("a group is as far as its last line: read, sent, pending or failed", () => {
  const at = "02T12:00:00";
  expect(short([message(1, at), message(2, at)], [], 2)).toEqual(["-", "me: m1 m2 (read)"]);
  expect(short([message(1, at), message(2, at)], [], 1)).toEqual(["-", "me: m1 m2 (sent)"]);
  expect(short([message(1, at)], [unsent("p", at)], 1)).toEqual(["-", "me: m1 p (pending)"]);
  const error = { code: "forbidden", message: "no" } as const;
  expect(short([], [unsent("p", at, error)])).toEqual(["-", "me: p (failed)"]);
});

test("a group stays the same one when older and newer lines join it", () => {
  const [first, second, third] = [1, 2, 3].map(seq => message(seq, `02T12:00:0${seq}`));
  const idOf = (messages: Message[]) => rowsOf(messages, [], () => 0).at(-1)!.id;
  expect(idOf([second!])).toBe(idOf([first!, second!, third!]));
});
