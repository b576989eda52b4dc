import { expect, test } from "vitest";
import { search, typedAt } from "./search.ts";

test.each([
  ["/", "", 0],
  ["/ref", "ref", 0],
  ["Hello /ref", "ref", 6],
  ["Hello\n/退款", "退款", 6],
])("%j asks for canned replies", (draft, word, from) => {
  expect(typedAt(`${draft} more`, draft.length)).toEqual({ word, from, until: draft.length });
});

test.each(["", "https://shop.example", "and/or", "/two words", "1/2", "/a/b"])("%j does not", draft => {
  expect(typedAt(draft, draft.length)).toBeNull();
});

test("a shortcut that begins with the word comes before a text that has it", () => {
  const replies = ["hello", "help", "bye"].map(shortcut => ({
    id: shortcut,
    shortcut,
    body: shortcut === "bye" ? "Was this of HELP?" : "",
    isOwn: false,
  }));
  const found = (word: string) => search(replies, word).map(({ shortcut }) => shortcut);
  expect(found("")).toEqual(["hello", "help", "bye"]);
  expect(found("Help")).toEqual(["help", "bye"]);
  expect(found("nothing")).toEqual([]);
});
