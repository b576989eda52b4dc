import { expect, test } from "vitest";
import { findLinks, safeHref } from "./links.ts";

const linksOf = (text: string) => findLinks(text).flatMap(part => (part.href ? part.text : []));

test("the parts of a text make up the text", () => {
  const text = "See https://a.example/x?y=1, or (http://b.example). Bye";
  expect(
    findLinks(text)
      .map(part => part.text)
      .join(""),
  ).toBe(text);
  expect(linksOf(text)).toEqual(["https://a.example/x?y=1", "http://b.example"]);
});

test("brackets that belong to an address stay", () => {
  expect(linksOf("https://a.example/Go_(game) (https://a.example/b)")).toEqual([
    "https://a.example/Go_(game)",
    "https://a.example/b",
  ]);
});

test("only web pages are linked", () => {
  expect(findLinks("javascript:alert(1) data:text/html,x ftp://a.example")).toHaveLength(1);
  expect(safeHref("javascript:alert(1)")).toBeNull();
  expect(safeHref("not an address")).toBeNull();
  expect(linksOf("https://")).toEqual([]);
});
