import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accessPaths } from "./access-paths.ts";

/** Functions that stand beside queries and are none, or only call others that have their own path. */
const noQueries = [
  "createAuth", // the library's queries: test/integration/plans.test.ts
  "healthRoutes", // reads the names of migrations
  "connect",
  "queryIn",
  "ping",
  "selectConversations", // what the queries of conversations are made of
  "forAgents",
  "forVisitor",
  "recount",
  "findDrift",
];

const src = join(import.meta.dirname, "..");
const tables = "conversations|invitations|memberships|messages|visitors|websites|users|sessions|accounts";
const statement = new RegExp(
  `sql(<.*>)?\`|selectFrom|insertInto|updateTable|deleteFrom|\\b(from|join|into|update|table) (${tables})\\b`,
);
/** Of the database itself: its catalogues, its making, its filling; not what the product asks while people chat. */
const ofTheHouse = /^database\/(migrations|embedded|query-plans|partitions\/months|tables|distributed)/;

const files = globSync(["server/**/*.ts", "database/**/*.ts", "cli/**/*.ts"], { cwd: src })
  .filter(file => !file.endsWith(".test.ts") && !ofTheHouse.test(file))
  .filter(file => statement.test(readFileSync(join(src, file), "utf8")))
  .sort();

test.each(files)("each query of %s says which way it takes through the database", async file => {
  const exported = Object.entries(await import(join(src, file)));
  const queries = exported.filter(([name, value]) => typeof value === "function" && !noQueries.includes(name));
  const known = new Set<unknown>(accessPaths.map(path => path.query));
  expect(queries.filter(([, query]) => !known.has(query)).map(([name]) => name)).toEqual([]);
});

test("no two access paths have the same name", () => {
  const names = accessPaths.map(path => path.name);
  expect(names).toEqual([...new Set(names)]);
});
