import type { RangeVar } from "libpg-query";

/** A lock that blocks a table's users for longer the larger the table is. */
export type LongLock = {
  /** or an index of it; null: the statement does not say which */
  table: Pick<RangeVar, "schemaname" | "relname"> | null;
  /** what the statement does: "rewrites the table" */
  why: string;
  /** what to write instead */
  instead: string;
  /** harmless if the table has a valid check that this column is not null */
  notNullColumn?: string;
  /** harmless in a statement of its own */
  onlyInTransaction?: true;
};
