import type { AlterTableStmt, Node } from "libpg-query";
import { runBackfill } from "./backfill/backfill.ts";
import { buildIndex, dropIndex } from "./index/build-index.ts";
import { readIndexDraft } from "./index/parse-index.ts";
import { buildPartitionedIndex } from "./index/partitioned-index.ts";
import { findTable, nameOf, quoteName } from "./session/catalog.ts";
import { patiently } from "./session/lock-retry.ts";
import { runStatement, type Session } from "./session/session.ts";
import { atLine, type Statement } from "./sql/statements.ts";

/**
 * Runs the statements of a migration without a transaction, each so that it can be run again after it was interrupted.
 * @param run  names this run, for the log and for what backfills remember: "0004_tags up"
 */
export async function runSteps(session: Session, run: string, statements: Statement[]): Promise<void> {
  for (const statement of statements) await atLine(statement, () => runStep(session, run, statement));
}

async function runStep(session: Session, run: string, statement: Statement): Promise<void> {
  const { tree, text } = statement;
  if ("IndexStmt" in tree) {
    const draft = await readIndexDraft(statement, tree.IndexStmt);
    const table = await findTable(session.client, draft.table);
    if (!table) throw new Error(`there is no table ${quoteName(draft.table)}`);
    await (table.isPartitioned ? buildPartitionedIndex : buildIndex)(session, draft, table);
  } else if ("DropStmt" in tree) {
    await dropIndex(session, nameOf(tree.DropStmt.objects?.[0]));
  } else if ("UpdateStmt" in tree) {
    await runBackfill(session, run, statement, tree.UpdateStmt);
  } else {
    await patiently(session, `${run} (${firstWords(text)})`, () => runStatement(session, text));
  }
}

/**
 * Why a statement cannot stand in such a file, where each must bear being run twice.
 * @returns null when it can
 */
export function refuseStep({ tree, isBackfill }: Statement): string | null {
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

/**
 * Why a statement cannot stand in a migration that is one transaction.
 * @returns null when it can
 */
export function refuseInTransaction({ tree, isBackfill }: Statement): string | null {
  const isConcurrent =
    ("IndexStmt" in tree && tree.IndexStmt.concurrent) || ("DropStmt" in tree && tree.DropStmt.concurrent);
  if (isConcurrent || isBackfill || ("VacuumStmt" in tree && tree.VacuumStmt.is_vacuumcmd))
    return 'this cannot be part of a transaction; put it into a migration with the line "-- No transaction"';
  if ("TransactionStmt" in tree) return "the migration is a transaction already; take begin and commit out";
  return null;
}

const isValidation = (tree: Node) =>
  "AlterTableStmt" in tree && subtypesOf(tree.AlterTableStmt).every(subtype => subtype === "AT_ValidateConstraint");

const isMaintenance = (tree: Node) => "VacuumStmt" in tree;

const subtypesOf = ({ cmds = [] }: AlterTableStmt) =>
  cmds.map(cmd => ("AlterTableCmd" in cmd ? cmd.AlterTableCmd.subtype : undefined));

const firstWords = (text: string) => text.replace(/\s+/g, " ").slice(0, 60);
