import { expect, test } from "vitest";
import { readFilter, unquoted, writeFilter } from "./query-text.ts";

test("a filter is written once, replaced and removed; the words stay", () => {
  const open = writeFilter("blue  one", "is", "open");
  expect(open).toBe("blue one is:open");
  expect(writeFilter(open, "is", "resolved")).toBe("blue one is:resolved");
  expect(writeFilter(open, "is", null)).toBe("blue one");
});

test("a value with spaces is in quotes, and read without them", () => {
  const text = writeFilter("refund", "tag", "Big customer");
  expect(text).toBe('refund tag:"Big customer"');
  expect(readFilter(text, "tag")).toBe("big customer");
  expect(writeFilter(text, "tag", null)).toBe("refund");
});

test("the quotes of a name are left out, as they end a value", () => {
  const text = writeFilter("refund", "from", 'Ana "Annie" Lee');
  expect(text).toBe('refund from:"Ana Annie Lee"');
  expect(readFilter(text, "from")).toBe(unquoted('Ana "Annie" Lee').toLowerCase());
});

test("no filter, one that is half written, and a word that only looks like one", () => {
  expect(readFilter("refund", "is")).toBeNull();
  expect(readFilter("is:", "is")).toBeNull();
  expect(readFilter("this:open", "is")).toBeNull();
});
