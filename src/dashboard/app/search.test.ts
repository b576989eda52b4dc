import { expect, test } from "vitest";
import { matching, oneOf, searchOf, uuid } from "./search.ts";

const search = searchOf({ back: matching(/^\/(?![/\\])/), reason: oneOf(["ended", "signed-out"]), tag: uuid });

test("what an address says is kept if its check accepts it", () => {
  const kept = { back: "/w/1/inbox/all?tag=x", reason: "ended", tag: "0190A5B0-0000-7000-8000-000000000000" };
  expect(search(kept)).toEqual(kept);
});

test.each([
  ["another site", { back: "//elsewhere.example" }],
  ["another site, as some browsers read it", { back: "/\\elsewhere.example" }],
  ["a whole address", { back: "https://elsewhere.example" }],
  ["an unknown word", { reason: "constructor" }],
  ["something else than a text", { back: ["/w"], reason: 1, tag: { x: 1 } }],
  ["an id with more behind it", { tag: "0190a5b0-0000-7000-8000-000000000000x" }],
  ["an unknown key", { evil: "x" }],
])("%s is dropped", (_what, given) => {
  expect(Object.values(search(given)).filter(value => value !== undefined)).toEqual([]);
});
