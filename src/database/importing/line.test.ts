import { expect, test } from "vitest";
import { limits } from "#protocol/limits.ts";
import { type ImportedConversation, readLine } from "./line.ts";
import { idOf, rowsOf, summaryOf } from "./rows.ts";

const at = "2026-10-01T08:00:00Z";
const lineOf = (...messages: unknown[]) => JSON.stringify({ id: "c", messages });
const read = (...messages: unknown[]) => readLine(lineOf(...messages)) as ImportedConversation;

test.each([
  ["", "it is no JSON object"],
  ["{", "it is no JSON object"],
  ["[]", "it is no JSON object"],
  ["{}", '"id"'],
  [JSON.stringify({ id: "c", messages: [] }), '"messages"'],
  [lineOf({ author: "visitor", at }), "no message of it can be kept: the text is empty"],
  [lineOf({ author: "visitor", body: "Hi" }), 'no message of it can be kept: the first message has no time ("at")'],
  [lineOf({ author: "robot", at, body: "Hi" }), 'no message of it can be kept: "author" is not as described'],
  [lineOf({ author: "visitor", at: "1999-12-31T00:00:00Z", body: "Hi" }), "before the year 2000"],
  [lineOf({ author: "visitor", at: "2999-12-31T00:00:00Z", body: "Hi" }), "in the future"],
])("%s is left out with the reason", (line, reason) => {
  expect(readLine(line)).toContain(reason);
});

test("what can be kept of a line is kept, by time; the rest is counted by reason", () => {
  const { messages, leftOut } = read(
    { author: "visitor", at, body: "First" },
    { author: "agent", at: "2026-10-01T10:00:00+02:00", body: "At the same time" },
    { author: "visitor", body: null },
    { author: "agent", kind: "image", body: "x" },
    "nonsense",
    { author: "visitor", at: "2026-09-30T08:00:00Z", body: "Earlier" },
  );
  expect(messages.map(({ body }) => body)).toEqual(["Earlier", "First", "At the same time"]);
  expect([...leftOut]).toEqual([
    ["the text is empty", 1],
    ['"kind" is not as described', 1],
    ['"message" is not as described', 1],
  ]);
});

test("a text of any length and any characters is kept: in parts, without what cannot be stored", () => {
  const body = "🙂".repeat(20_000);
  const { messages } = read({ author: "visitor", at, body: `a${body}` }, { author: "visitor", body: "\u0000b\ud800c" });
  const parts = messages.slice(0, -1).map(message => message.body);
  expect(parts.join("")).toBe(`a${body}`);
  expect(parts.every(part => part.length <= limits.messageLength && part.isWellFormed())).toBe(true);
  expect(messages.at(-1)!.body).toBe("b\ufffdc");
});

test("a conversation of more than 30 days becomes several that continue each other; only the last is open", () => {
  const days = [0, 30, 31, 62];
  const messages = days.map(day => ({
    author: "visitor",
    at: new Date(Date.UTC(2025, 0, 1 + day)),
    body: `${day}`,
  }));
  const line = JSON.stringify({ id: "c", status: "open", messages });
  const parts = rowsOf(1, readLine(line) as ImportedConversation);
  expect(parts.map(part => part.messages.map(({ body, seq }) => [body, seq]))).toEqual([
    [
      ["0", 1],
      ["30", 2],
    ],
    [["31", 1]],
    [["62", 1]],
  ]);
  expect(parts.map(({ status }) => status)).toEqual(["resolved", "resolved", "open"]);
  expect(parts.map(({ continuesId }) => continuesId)).toEqual([null, parts[0]!.id, parts[1]!.id]);
  expect(rowsOf(1, readLine(line) as ImportedConversation)).toEqual(parts);
  expect(rowsOf(2, readLine(line) as ImportedConversation)[0]!.id).not.toBe(parts[0]!.id);
});

test("an id is a UUIDv7 of its time", () => {
  const id = idOf("source", new Date(at));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse(at));
});

test("a conversation waits for an answer only if it is open and the visitor wrote last", () => {
  const summary = (status: string, ...authors: string[]) => {
    const messages = authors.map(author => ({ author, at, body: author }));
    return summaryOf(rowsOf(1, readLine(JSON.stringify({ id: "c", status, messages })) as ImportedConversation)[0]!);
  };
  expect(summary("open", "visitor", "agent", "visitor").waitingSince).toEqual(new Date(at));
  expect(summary("open", "visitor", "agent").waitingSince).toBeNull();
  expect(summary("resolved", "visitor").waitingSince).toBeNull();
  expect(summary("resolved", "visitor", "agent")).toMatchObject({
    preview: "agent",
    previewAuthor: "agent",
    lastSeq: 2,
  });
});
