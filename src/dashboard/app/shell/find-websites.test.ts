import { expect, test } from "vitest";
import { findWebsites } from "./find-websites.ts";

const websites = ["Harbour Bikes", "Café Zürich", "The Bike Shop", "أخبار", "上海店"].map(name => ({ name }));

test.each([
  ["", ["Harbour Bikes", "Café Zürich", "The Bike Shop", "أخبار", "上海店"]],
  ["bike", ["Harbour Bikes", "The Bike Shop"]],
  ["THE", ["The Bike Shop"]],
  [" cafe ", ["Café Zürich"]],
  ["zurich", ["Café Zürich"]],
  ["上海", ["上海店"]],
  ["boat", []],
])("%j finds %j", (text, expected) => {
  expect(findWebsites(websites, text).map(({ name }) => name)).toEqual(expected);
});

test("a name that begins with the text comes first", () => {
  const names = ["My Shop", "Shop", "Workshop"].map(name => ({ name }));
  expect(findWebsites(names, "shop").map(({ name }) => name)).toEqual(["Shop", "My Shop", "Workshop"]);
});
