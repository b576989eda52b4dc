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

test("the punctuation of every script ends an address, as its own last character does not", () => {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(code => code < 0xd800 || code > 0xdfff);
  const marks = all.map(code => String.fromCodePoint(code)).filter(character => /\p{P}/u.test(character));
  expect(marks.length).toBeGreaterThan(800);
  const own = new Set("/#%&@-");
  for (const mark of marks) {
    const expected = own.has(mark) ? `https://a.example/b${mark}` : "https://a.example/b";
    expect([mark, ...hrefs(`https://a.example/b${mark} c`)]).toEqual([mark, expected]);
    expect([mark, ...hrefs(`https://a.example/b${mark}`)]).toEqual([mark, expected]);
  }
});

test("an address ends where a sentence without spaces goes on", () => {
  const sentences = [
    "请看https://a.example/b。谢谢",
    "请看（https://a.example/b）谢谢",
    "请看“https://a.example/b”谢谢",
    "「https://a.example/b」をご覧ください",
    "https://a.example/b、またはお電話で",
    "https://a.example/b！ありがとう",
    "https://a.example/b——谢谢",
    "https://a.example/b……谢谢",
    "Voir «https://a.example/b»: merci",
    "Siehe „https://a.example/b“, danke",
    "see https://a.example/b—it is good",
    "انظر https://a.example/b، شكرا",
    "\u2067انظر \u2066https://a.example/b\u2069\u2069",
    "देखें https://a.example/b। धन्यवाद",
    "`https://a.example/b`",
    "| https://a.example/b| c |",
  ];
  for (const sentence of sentences) expect([sentence, ...hrefs(sentence)]).toEqual([sentence, "https://a.example/b"]);
});

test("what belongs to words of a script stays in the address", () => {
  for (const path of [
    "Michelson–Morley",
    "L’Équipe",
    "Col·laboració",
    "צה״ל",
    "می‌خواهم",
    "佐々木・太郎",
    "a,b;c:d!e'f*g_h~i",
  ]) {
    expect(hrefs(`https://a.example/${path}`)).toEqual([`https://a.example/${path}`]);
  }
});

test("no text takes time out of proportion to its length", () => {
  const times = 100_000;
  const ends = [")", ")]}", "(", ".", "。", "—", "«", ")a", ".a", "(a)", "\u200f"];
  for (const end of ends)
    expect(hrefs(`https://a.example/b${end.repeat(times)}`)[0]).toMatch(/^https:\/\/a\.example\/b/);
  for (const piece of ["http://", "http://[ ", "https://a) ", "http://ü", "http://ü.", "h", "«http://a»"]) {
    expect(splitLinks(piece.repeat(times)).length).toBeGreaterThan(0);
  }
});

test("a text of nothing but links does not become thousands of them, and stays whole", () => {
  const text = "See http://a ".repeat(700);
  expect(hrefs(text)).toHaveLength(100);
  expect(
    splitLinks(text)
      .map(part => (typeof part === "string" ? part : part.text))
      .join(""),
  ).toBe(text);
});

test("nothing but http and https is a link", () => {
  expect(hrefs("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example //c.example")).toEqual([]);
  expect(hrefs("https:// http://[ https://?")).toEqual([]);
  expect(["https://a.example", "HTTP://a.example"].map(isWebPage)).toEqual([true, true]);
  expect(["javascript:alert(1)", "not an address", " https", "https://"].map(isWebPage)).toEqual(Array(4).fill(false));
});

test("of any text, nothing is lost, changed or doubled", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.constantFrom("https://", ")", "(", "]", ".", "。", "”", "𑁇", " ", "\n"),
  );
  const joined = (text: string) => splitLinks(text).map(part => (typeof part === "string" ? part : part.text));
  fc.assert(fc.property(fc.array(piece), pieces => joined(pieces.join("")).join("") === pieces.join("")));
});
