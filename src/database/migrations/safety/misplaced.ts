import type { AlterTableStmt, Node } from "libpg-query";
import type { Migration } from "#database/migrations/sql/files.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";

/** Why a statement is not allowed in a migration of this kind; null: it is allowed. */
export const findMisplaced = ({ isTransaction }: Migration, statement: Statement): string | null =>
  isTransaction ? refuseInTransaction(statement) : refuseStep(statement);

/** In a migration without a transaction each statement runs by itself, and must be safe to run twice. */
function refuseStep({ tree, isBackfill }: Statement): string | null {
  if ("IndexStmt" in tree) return tree.IndexStmt.concurrent ? null : "create the index concurrently here";
  if ("DropStmt" in tree && tree.DropStmt.removeType === "OBJECT_INDEX")
    return tree.DropStmt.concurrent ? null : "drop the index concurrently here";
  if ("UpdateStmt" in tree) return isBackfill ? null : 'an update here needs "-- Backfill" above it';
  if (isValidation(tree) || isMaintenance(tree)) return null;
  return (
    "without a transaction only create index concurrently, drop index concurrently, validate constraint, backfills, " +
    "analyze and vacuum can be run again after an interruption; put it into a migration of its own"
  );
}

function refuseInTransaction({ tree, isBackfill }: Statement): string | null {
  const isConcurrent =
    ("IndexStmt" in tree && tree.IndexStmt.concurrent) || ("DropStmt" in tree && tree.DropStmt.concurrent);
  if (isConcurrent || isBackfill || ("VacuumStmt" in tree && tree.VacuumStmt.is_vacuumcmd))
    return 'this cannot be part of a transaction; put it into a migration with the line "-- No transaction"';
  if ("TransactionStmt" in tree) return "the migration is a transaction already; remove begin and commit";
  return null;
}

const isValidation = (tree: Node) =>
  "AlterTableStmt" in tree && subtypesOf(tree.AlterTableStmt).every(subtype => subtype === "AT_ValidateConstraint");

const isMaintenance = (tree: Node) => "VacuumStmt" in tree;

const subtypesOf = ({ cmds = [] }: AlterTableStmt) =>
  cmds.map(cmd => ("AlterTableCmd" in cmd ? cmd.AlterTableCmd.subtype : undefined));
