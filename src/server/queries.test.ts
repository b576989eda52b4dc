import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catchStatements } from "#database/query-plans/catch-statements.ts";
import { type DefinedQuery, queriesOf } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { nameIn } from "#database/statements/query-names.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { findMentions, type Mention } from "#lab/sql/mentions.ts";
import { proofs, queries } from "./query-proofs/queries.ts";

const src = join(import.meta.dirname, "..");
const tables = "conversations|invitations|memberships|messages|visitors|websites|users|sessions|accounts";
const statement = new RegExp(
  `sql(<.*>)?\`|selectFrom|insertInto|updateTable|deleteFrom|\\b(from|join|into|update|table) (${tables})\\b`,
);

/** The files with SQL. Those that use `Db` send it; the others hold fragments only. */
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

/** The column that is set in deleted rows, or in memberships that have ended. */
const marks: Record<string, string> = {
  conversations: "deleted_at",
  messages: "deleted_at",
  visitors: "deleted_at",
  memberships: "removed_at",
  websites: "deleted_at",
};

const sample: Sample = {
  websiteId: 1,
  conversationId: "019ad0d4-2f30-7000-8000-000000000000",
  visitorId: "019ad0d4-2f30-7000-8000-000000000001",
  externalId: "customer-1",
  agentId: "019ad0d4-2f30-7000-8000-000000000002",
  lastSeq: 100,
  lastMessageAt: new Date(),
  tagId: "019ad0d4-2f30-7000-8000-000000000003",
};

/** The tables and columns that the statements of a query name, in all of its proofs. */
async function mentionsOf({ definition }: DefinedQuery): Promise<Mention[]> {
  const mentions = [];
  for (const proof of definition.proofs) {
    for (const { text } of await catchStatements(db => proof.run(db, sample)))
      mentions.push(...(await findMentions(text)));
  }
  return mentions;
}

const withProof = proofs.map(proof => [proof.name, proof] as const);
const withName = queries.map(query => [query.definition.name, query] as const);

test("each statement names a known query behind its first word", async () => {
  const known = new Set(queries.map(query => query.definition.name));
  const wrong = [];
  for (const { name, run } of proofs) {
    for (const { text } of await catchStatements(db => run(db, sample)))
      if (!known.has(nameIn(text)) || !/^(\(|\w+) \/\* /.test(text)) wrong.push({ name, text });
  }
  expect(wrong).toEqual([]);
});

test("a statement is the same at each call, so that PostgreSQL prepares it once", async () => {
  const proof = proofs.find(({ name }) => name === "a batch of sends, to recent conversations")!;
  const texts = [
    await catchStatements(db => proof.run(db, sample)),
    await catchStatements(db => proof.run(db, sample)),
  ];
  expect(texts[0]!.map(({ text }) => text)).toEqual(texts[1]!.map(({ text }) => text));
  expect(texts[0]!.map(({ text }) => nameIn(text))).toEqual(Array(4).fill("a batch of sends"));
});

test.each(withName)("%s: deleted rows are left out, or the query gives the reason", async (_name, query) => {
  const mentions = await mentionsOf(query);
  const included = mentions.filter(({ table, columns }) => table in marks && !columns.includes(marks[table]!));
  const tables = [...new Set(included.map(({ table }) => table))].sort();
  expect(tables).toEqual(Object.keys(query.definition.includesDeleted).sort());
});

/** Tables by the database that holds their rows; memberships are in both. */
const inDirectory = tablesOf(table => table.of === "directory");
const inWebsite = tablesOf(table => table.of !== "directory" && table.home !== "both");

function tablesOf(isOne: (table: { of: string; home?: string }) => boolean): string[] {
  return Object.entries(tenantTables).flatMap(([name, table]) => (isOne(table) ? [name] : []));
}

test.each(withProof)("%s: no statement names a website's table and one of the directory", async (_name, proof) => {
  for (const { text } of await catchStatements(db => proof.run(db, sample))) {
    const tables = (await findMentions(text)).map(({ table }) => table);
    const mixed = [inDirectory, inWebsite].every(side => tables.some(table => side.includes(table)));
    expect({ text, mixed }).toEqual({ text, mixed: false });
  }
});

test("only the fragments of conditions.ts name deleted_at", () => {
  const byHand = files.filter(
    ({ file, text }) => /deleted_at is/.test(text) && !/^database\/(query-plans\/|conditions\.ts)/.test(file),
  );
  expect(byHand.map(({ file }) => file)).toEqual([]);
});

test("no two proofs have the same name", () => {
  const names = proofs.map(proof => proof.name);
  expect(names).toEqual([...new Set(names)]);
});
