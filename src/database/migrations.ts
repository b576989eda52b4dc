import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { MigrationBuilder } from "node-pg-migrate";

export const migrationsDir = join(import.meta.dirname, "../../migrations");

/** The names of the migrations that this program has, in order. */
export async function listMigrations(dir = migrationsDir): Promise<string[]> {
  const files = await readdir(dir);
  return files
    .filter(file => file.endsWith(".sql"))
    .map(file => basename(file, ".sql"))
    .sort();
}

/**
 * Reads migrations, each with its "-- Up Migration" and "-- Down Migration". One that says "-- No transaction" (as
 * `create index concurrently` needs) runs statement by statement; there, a statement ends with a semicolon at a line's end.
 */
export const loadMigrations = (paths: string[]) => Promise.all(paths.map(loadMigration));

async function loadMigration(path: string) {
  const text = await readFile(path, "utf8");
  const [up = "", down] = text.split(/^-- Down Migration$/m);
  const action = /^-- No transaction$/m.test(text) ? statementByStatement : atOnce;
  return { id: path, filePaths: [path], actions: { up: action(up), down: down !== undefined && action(down) } };
}

const atOnce = (sql: string) => (builder: MigrationBuilder) => builder.sql(sql);

const statementByStatement = (sql: string) => (builder: MigrationBuilder) => {
  builder.noTransaction();
  for (const statement of sql.split(/;[ \t]*$/m)) if (hasSql(statement)) builder.sql(statement.trim());
};

const hasSql = (text: string) => text.replace(/--.*$/gm, "").trim() !== "";
