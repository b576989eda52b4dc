import type { Node, RangeVar } from "libpg-query";
import { nameOf } from "#database/migrations/session/catalog.ts";
import type { Statement } from "#database/migrations/sql/statements.ts";
import { findInAlterTable } from "./alter-table-rules.ts";

/** What would keep people from a table for as long as its size takes. */
export type LongLock = {
  /** or an index of it; null: nobody can tell which */
  table: Pick<RangeVar, "schemaname" | "relname"> | null;
  /** what it does: "rewrites the table" */
  why: string;
  /** what to write */
  instead: string;
  /** harmless when the table has a valid check that this column is not null */
  notNullColumn?: string;
  /** harmless in a statement of its own */
  onlyInTransaction?: true;
};

/** By the statement alone: which table it would lock or rewrite for long, were it large. */
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
          "keeps writers out until the index is built",
          '"create index concurrently" in a migration with "-- No transaction"',
        )
      : [],
  tree =>
    "DropStmt" in tree && tree.DropStmt.removeType === "OBJECT_INDEX" && !tree.DropStmt.concurrent
      ? locking(
          (tree.DropStmt.objects ?? []).map(nameOf),
          "waits in front of everybody for its readers to end",
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
          "keeps writers out until the index is built",
          "an index under a new name, built concurrently, and then drop the old one",
        )
      : [],
  tree =>
    "LockStmt" in tree
      ? locking(
          (tree.LockStmt.relations ?? []).map(node => ("RangeVar" in node ? node.RangeVar : undefined)),
          "keeps people out until the migration is committed",
          "nothing: each statement takes the lock that it needs",
        )
      : [],
  tree => ("DoStmt" in tree ? locking([null], "cannot be looked into", "plain statements") : []),
];

function isFull(options: Node[] = []): boolean {
  return options.some(option => {
    if (!("DefElem" in option) || option.DefElem.defname !== "full") return false;
    const { arg } = option.DefElem;
    return !(arg && "String" in arg && /^(false|off|0)$/i.test(arg.String.sval ?? ""));
  });
}

const vacuumed = (node: Node | undefined) => (node && "VacuumRelation" in node ? node.VacuumRelation.relation : null);
