import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { type Statement, splitStatements } from "./statements.ts";

export const migrationsDir = join(import.meta.dirname, "../../../../migrations");

export type Direction = "up" | "down";

export type Migration = {
  name: string;
  /** false, "-- No transaction": its statements run one by one, and each can be run again */
  isTransaction: boolean;
  up: Statement[];
  /** null: it has no "-- Down Migration" and cannot be undone */
  down: Statement[] | null;
};

/** The names of the migrations in a folder, in order. */
export async function listMigrations(dir = migrationsDir): Promise<string[]> {
  const files = await readdir(dir);
  return files
    .filter(file => file.endsWith(".sql"))
    .map(file => basename(file, ".sql"))
    .sort();
}

/**
 * Reads a migration, with its "-- Up Migration" and "-- Down Migration".
 * @throws AppError "database_failed" naming the line with the wrong syntax
 */
export async function readMigration(name: string, dir = migrationsDir): Promise<Migration> {
  const text = await readFile(join(dir, `${name}.sql`), "utf8");
  const { up, down } = splitSections(text);
  try {
    return {
      name,
      isTransaction: !/^-- No transaction$/m.test(text),
      up: await splitStatements(up.sql, up.line),
      down: down && (await splitStatements(down.sql, down.line)),
    };
  } catch (cause) {
    throw new AppError("database_failed", `The migration ${name} cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

export type Section = { sql: string; line: number };

/** A file without "-- Down Migration" has only an up part. */
export function splitSections(text: string): { up: Section; down: Section | null } {
  const [up = "", down] = text.split(/^-- Down Migration$/m);
  return {
    up: { sql: up, line: 1 },
    down: down === undefined ? null : { sql: down, line: up.split("\n").length },
  };
}
