import { quoteName } from "#database/migrations/session/catalog.ts";
import type { Migration } from "#database/migrations/sql/files.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { findMisplaced } from "./check-safety.ts";
import { findLongLocks } from "./long-locks.ts";

/**
 * What the runner would refuse on a database where every table is large. Tables that the migration makes itself are empty.
 * @returns a line each, beginning with the line in the file
 */
export function lintMigration(migration: Migration): string[] {
  const statements = [...migration.up, ...(migration.down ?? [])];
  const made = new Set(statements.flatMap(madeBy));
  return statements.flatMap(statement => {
    const misplaced = findMisplaced(migration, statement);
    if (misplaced) return [`${statement.line}: ${misplaced}`];
    if (statement.longLockReason !== null) return [];
    return findLongLocks(statement, migration.isTransaction)
      .filter(({ table }) => !(table && made.has(quoteName(table))))
      .map(({ why, instead }) => `${statement.line}: it ${why}. Write instead: ${instead}.`);
  });
}

const madeBy = ({ tree }: Statement) =>
  "CreateStmt" in tree && tree.CreateStmt.relation ? [quoteName(tree.CreateStmt.relation)] : [];
