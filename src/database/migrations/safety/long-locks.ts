import type { Node } from "libpg-query";
import { nameOf } from "#database/migrations/session/catalog.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { findInAlterTable } from "./alter-table-rules.ts";
import type { LongLock } from "./long-lock.ts";

/** The long locks that a statement would take if its tables were large. Reads the statement alone. */
export function findLongLocks({ tree, isBackfill }: Statement, isTransaction: boolean): LongLock[] {
  if (isBackfill) return [];
  const found = "AlterTableStmt" in tree ? findInAlterTable(tree.AlterTableStmt) : rules.flatMap(rule => rule(tree));
  return found.filter(longLock => isTransaction || !longLock.onlyInTransaction);
}

type Rule = (tree: Node) => LongLock[];

const locking = (tables: (LongLock["table"] | undefined)[], why: string, instead: string): LongLock[] =>
  tables.map(table => ({ table: table ?? null, why, instead }));

const rules: Rule[] = [
  tree =>
    "IndexStmt" in tree && !tree.IndexStmt.concurrent
      ? locking(
          [tree.IndexStmt.relation],
          "blocks writes until the index is built",
          '"create index concurrently" in a migration with "-- No transaction"',
        )
      : [],
  tree =>
    "DropStmt" in tree && tree.DropStmt.removeType === "OBJECT_INDEX" && !tree.DropStmt.concurrent
      ? locking(
          (tree.DropStmt.objects ?? []).map(nameOf),
          "waits for readers to finish, and blocks all later queries of the table",
          '"drop index concurrently" in a migration with "-- No transaction"',
        )
      : [],
  tree =>
    "UpdateStmt" in tree
      ? locking([tree.UpdateStmt.relation], "locks every row until the last is changed", '"-- Backfill" above it')
      : [],
  tree =>
    "DeleteStmt" in tree
      ? locking(
          [tree.DeleteStmt.relation],
          "locks every row until the last is deleted",
          "a job that deletes in batches",
        )
      : [],
  tree =>
    "MergeStmt" in tree
      ? locking([tree.MergeStmt.relation], "locks every row until the last is changed", 'an update with "-- Backfill"')
      : [],
  tree =>
    "ClusterStmt" in tree ? locking([tree.ClusterStmt.relation], "rewrites the table", "nothing, or pg_repack") : [],
  tree =>
    "VacuumStmt" in tree && isFull(tree.VacuumStmt.options)
      ? locking((tree.VacuumStmt.rels ?? [undefined]).map(vacuumed), "rewrites the table", '"vacuum" without full')
      : [],
  tree =>
    "ReindexStmt" in tree
      ? locking(
          [tree.ReindexStmt.relation],
          "blocks writes until the index is built",
          "an index under a new name, built concurrently, and then drop the old one",
        )
      : [],
  tree =>
    "LockStmt" in tree
      ? locking(
          (tree.LockStmt.relations ?? []).map(node => ("RangeVar" in node ? node.RangeVar : undefined)),
          "blocks the table until the migration is committed",
          "nothing: each statement takes the lock it needs",
        )
      : [],
  tree => ("DoStmt" in tree ? locking([null], "cannot be checked", "plain statements") : []),
];

function isFull(options: Node[] = []): boolean {
  return options.some(option => {
    if (!("DefElem" in option) || option.DefElem.defname !== "full") return false;
    const { arg } = option.DefElem;
    return !(arg && "String" in arg && /^(false|off|0)$/i.test(arg.String.sval ?? ""));
  });
}

const vacuumed = (node: Node | undefined) => (node && "VacuumRelation" in node ? node.VacuumRelation.relation : null);
