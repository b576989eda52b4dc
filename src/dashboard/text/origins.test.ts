import { expect, test } from "vitest";
import { Origins } from "#protocol/websites.ts";
import { readOrigins } from "./origins.ts";

test("a pasted address becomes its origin, once", () => {
  expect(readOrigins("https://Shop.example/cart?x=1\nhttps://shop.example, http://localhost:3000/")).toEqual([
    "https://shop.example",
    "http://localhost:3000",
  ]);
});

test("wildcards are valid, and a text that is no origin stays for the form to refuse", () => {
  expect(Origins.safeParse(readOrigins("https://*.shop.example")).success).toBe(true);
  expect(readOrigins("shop.example")).toEqual(["shop.example"]);
  expect(Origins.safeParse(readOrigins("shop.example")).success).toBe(false);
  expect(Origins.safeParse(readOrigins("localhost:3000")).success).toBe(false);
});
