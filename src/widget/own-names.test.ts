import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownNames } from "./own-names.ts";

test("no name that the build shortens is a field of the protocol", () => {
  const protocol = globSync("src/protocol/*.ts").map(file => readFileSync(file, "utf8"));
  const fields = new Set(protocol.flatMap(text => [...text.matchAll(/\b(\w+):/g)].map(([, name]) => name)));
  expect(ownNames.filter(name => fields.has(name))).toEqual([]);
  expect(fields).toContain("conversationId");
});

test("no name that the build shortens is kept in the browser, or is a page's", () => {
  const pending = ["id", "conversationId", "websiteId", "kind", "body", "createdAt", "error"];
  const page = ["open", "close", "identify", "logout", "on", "identity"];
  expect(ownNames.filter(name => [...pending, ...page].includes(name))).toEqual([]);
});
