import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { proofs, queries } from "./queries.ts";

const src = join(import.meta.dirname, "..");
const tables = "conversations|invitations|memberships|messages|visitors|websites|users|sessions|accounts";
const statement = new RegExp(
  `sql(<.*>)?\`|selectFrom|insertInto|updateTable|deleteFrom|\\b(from|join|into|update|table) (${tables})\\b`,
);

/** The files that hold SQL and take a `Db` to send it by. Those without one hold fragments of it only. */
const files = globSync(["server/**/*.ts", "database/**/*.ts", "cli/**/*.ts"], { cwd: src })
  .filter(file => !file.endsWith(".test.ts"))
  .map(file => ({ file, text: withoutComments(readFileSync(join(src, file), "utf8")) }))
  .filter(({ text }) => statement.test(text))
  .sort((a, b) => (a.file < b.file ? -1 : 1));
const sending = files.filter(({ text }) => /\bDb\b/.test(text)).map(({ file }) => file);

function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, "");
}

test.each(sending)("%s exports defined queries only, and all of them are known", async file => {
  const module = await import(join(src, file));
  const defined = queriesOf(module);
  const functions = Object.entries(module).filter(([, value]) => typeof value === "function");
  expect(functions.filter(([, value]) => !defined.some(query => query === value)).map(([name]) => name)).toEqual([]);
  expect(defined.filter(query => !queries.includes(query)).map(query => query.definition.name)).toEqual([]);
});

test("server and cli send SQL through Db only, where it can be caught", () => {
  const others = files.filter(({ file, text }) => !file.startsWith("database/") && /from "pg"/.test(text));
  expect(others.map(({ file }) => file)).toEqual([]);
});

test("no two proofs have the same name", () => {
  const names = proofs.map(proof => proof.name);
  expect(names).toEqual([...new Set(names)]);
});
