import { quoteName } from "#database/migrations/session/catalog.ts";
import type { Migration } from "#database/migrations/sql/files.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { findLongLocks } from "./long-locks.ts";
import { findMisplaced } from "./misplaced.ts";

/**
 * Lists what the runner would refuse if every table were large. Tables that the migration itself creates are empty.
 * @returns one text each, which begins with the line's number in the file
 */
export function lintMigration(migration: Migration): string[] {
  const statements = [...migration.up, ...(migration.down ?? [])];
  const created = new Set(statements.flatMap(createdBy));
  return statements.flatMap(statement => {
    const misplaced = findMisplaced(migration, statement);
    if (misplaced) return [`${statement.line}: ${misplaced}`];
    if (statement.longLockReason !== null) return [];
    return findLongLocks(statement, migration.isTransaction)
      .filter(({ table }) => !(table && created.has(quoteName(table))))
      .map(({ why, instead }) => `${statement.line}: it ${why}. Write instead: ${instead}.`);
  });
}

const createdBy = ({ tree }: Statement) =>
  "CreateStmt" in tree && tree.CreateStmt.relation ? [quoteName(tree.CreateStmt.relation)] : [];
