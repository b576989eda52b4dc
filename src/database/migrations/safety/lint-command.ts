import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  listMigrations,
  migrationsDir,
  readMigration,
  type Section,
  splitSections,
} from "#database/migrations/sql/files.ts";
import { lintMigration } from "./lint.ts";

// Checks every migration (of migrations/, or of the folder in the first argument) as if all tables were large. It uses
// the runner's own rules and squawk's, which also find what breaks the older programs that still run.

const excludedRules = [
  "prefer-bigint-over-int", // website_id and seq are integers by design: every entry of the largest indexes holds them
  "prefer-bigint-over-smallint", // a rating has five values
  "require-lock-timeout", // session/session.ts sets it for all migrations
  "require-statement-timeout", // the build of a large index must not time out
  "prefer-robust-stmts", // a failed migration is rolled back whole; without a transaction the runner makes its statements repeatable
];
/** A down migration drops what the up migration created. */
const excludedDownRules = ["ban-drop-column", "ban-drop-table"];

const dir = process.argv[2] ?? migrationsDir;
let isClean = true;
for (const name of await listMigrations(dir)) {
  const migration = await readMigration(name, dir);
  for (const problem of lintMigration(migration)) {
    process.stderr.write(`${name}.sql:${problem}\n`);
    isClean = false;
  }
  const sections = splitSections(await readFile(join(dir, `${name}.sql`), "utf8"));
  if (!squawk(name, sections.up, migration.isTransaction, [])) isClean = false;
  if (sections.down && !squawk(name, sections.down, migration.isTransaction, excludedDownRules)) isClean = false;
}
process.exitCode = isClean ? 0 : 1;

function squawk(name: string, { sql, line }: Section, isTransaction: boolean, excluded: string[]): boolean {
  const args = [
    `--stdin-filepath=${name}.sql`,
    "--pg-version=15.0",
    ...(isTransaction ? ["--assume-in-transaction"] : []),
    ...[...excludedRules, ...excluded].map(rule => `--exclude=${rule}`),
  ];
  const input = "\n".repeat(line - 1) + sql; // keeps the line numbers of the file
  const { status, stdout, stderr, error } = spawnSync("squawk", args, { input, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) process.stderr.write(stdout + stderr);
  return status === 0;
}
