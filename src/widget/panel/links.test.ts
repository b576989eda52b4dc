import fc from "fast-check";
import { expect, test } from "vitest";
import { splitLinks } from "./links.ts";

const hrefs = (text: string) => splitLinks(text).flatMap(part => (typeof part === "string" ? [] : part.href));

test("addresses become links, the sentence around them does not", () => {
  expect(splitLinks("See https://a.example/b?c=d#e, please.")).toEqual([
    "See ",
    { href: "https://a.example/b?c=d#e", text: "https://a.example/b?c=d#e" },
    ", please.",
  ]);
  expect(hrefs("(https://a.example) and https://b.example/x_(y).")).toEqual([
    "https://a.example",
    "https://b.example/x_(y)",
  ]);
});

test("nothing but http and https is a link", () => {
  expect(hrefs("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example //c.example")).toEqual([]);
  expect(hrefs("https:// http://[ https://?")).toEqual([]);
});

test("no text is lost, changed or doubled, whatever it is", () => {
  const piece = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("https://", ")", "(", ".", " ", "\n"));
  const joined = (text: string) => splitLinks(text).map(part => (typeof part === "string" ? part : part.text));
  fc.assert(fc.property(fc.array(piece), pieces => joined(pieces.join("")).join("") === pieces.join("")));
});
