import fc from "fast-check";
import { expect, test } from "vitest";
import { isWebPage, splitLinks } from "./links.ts";

const hrefs = (text: string) => splitLinks(text).flatMap(part => (typeof part === "string" ? [] : part.href));

test("addresses become links, the sentence around them does not", () => {
  expect(splitLinks("See https://a.example/b?c=d#e, please.")).toEqual([
    "See ",
    { href: "https://a.example/b?c=d#e", text: "https://a.example/b?c=d#e" },
    ", please.",
  ]);
  for (const end of [".", ",", ";", ":", "!", "?", "'", "…", "*", "_", "]", "}", ")", "...", "?!", "*).", "_]'"]) {
    expect(hrefs(`https://a.example/b${end}`)).toEqual(["https://a.example/b"]);
  }
});

test("a bracket belongs to an address in which it was opened", () => {
  for (const url of ["https://a.example/Go_(game)", "https://a.example/x[1]", "https://a.example/{id}"]) {
    expect(hrefs(url)).toEqual([url]);
    expect(hrefs(`(${url}), [${url}]; {${url}}.`)).toEqual([url, url, url]);
  }
});

test("an address that ends in ten thousand brackets is cut like any other", () => {
  expect(hrefs(`https://a.example/b${")]}".repeat(3_000)}`)).toEqual(["https://a.example/b"]);
});

test("nothing but http and https is a link", () => {
  expect(hrefs("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example //c.example")).toEqual([]);
  expect(hrefs("https:// http://[ https://?")).toEqual([]);
  expect(["https://a.example", "HTTP://a.example"].map(isWebPage)).toEqual([true, true]);
  expect(["javascript:alert(1)", "not an address", " https", "https://"].map(isWebPage)).toEqual(Array(4).fill(false));
});

test("of any text, nothing is lost, changed or doubled", () => {
  const piece = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("https://", ")", "(", "]", ".", " ", "\n"));
  const joined = (text: string) => splitLinks(text).map(part => (typeof part === "string" ? part : part.text));
  fc.assert(fc.property(fc.array(piece), pieces => joined(pieces.join("")).join("") === pieces.join("")));
});
