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

// Checks every migration (or those of the folder that is named) as if all tables were large: by the runner's own rules,
// and by squawk's, which knows more of what breaks the programs that still run.

const otherwiseDecided = [
  "prefer-bigint-over-int", // website_id and seq are integers by design: they stand in every entry of the largest indexes
  "prefer-bigint-over-smallint", // a rating has five values
  "require-lock-timeout", // migrations/session.ts sets it for all of them
  "require-statement-timeout", // an index of a large table takes as long as it takes
  "prefer-robust-stmts", // one that fails is rolled back whole; without a transaction the runner makes it robust
];
/** What takes a migration back drops what it made. */
const dropping = ["ban-drop-column", "ban-drop-table"];

const dir = process.argv[2] ?? migrationsDir;
let isClean = true;
for (const name of await listMigrations(dir)) {
  const migration = await readMigration(name, dir);
  for (const complaint of lintMigration(migration)) {
    process.stderr.write(`${name}.sql:${complaint}\n`);
    isClean = false;
  }
  const sections = splitSections(await readFile(join(dir, `${name}.sql`), "utf8"));
  if (!squawk(name, sections.up, migration.isTransaction, [])) isClean = false;
  if (sections.down && !squawk(name, sections.down, migration.isTransaction, dropping)) isClean = false;
}
process.exitCode = isClean ? 0 : 1;

function squawk(name: string, { sql, line }: Section, isTransaction: boolean, excluded: string[]): boolean {
  const args = [
    `--stdin-filepath=${name}.sql`,
    "--pg-version=15.0",
    ...(isTransaction ? ["--assume-in-transaction"] : []),
    ...[...otherwiseDecided, ...excluded].map(rule => `--exclude=${rule}`),
  ];
  const input = "\n".repeat(line - 1) + sql; // so that its lines are the file's
  const { status, stdout, stderr, error } = spawnSync("squawk", args, { input, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) process.stderr.write(stdout + stderr);
  return status === 0;
}
