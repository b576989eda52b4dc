import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrationsDir } from "#database/migrations/sql/files.ts";
import { makeFolder } from "#lab/programs/folders.ts";

const fixtures = join(import.meta.dirname, "../../test/migrations");

/** Creates a folder of migrations for one test. @param files  SQL by name */
export function writeMigrations(files: Record<string, string>): string {
  const dir = makeFolder();
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(dir, `${name}.sql`), sql);
  return dir;
}

/** Copies to a folder the product's migrations and, after them, a set that changes large tables in every way. */
export function copyMigrations(dir: string): string {
  for (const source of [migrationsDir, fixtures]) cpSync(source, dir, { recursive: true });
  return dir;
}
