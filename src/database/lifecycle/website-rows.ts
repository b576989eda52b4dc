import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import { websiteTables } from "#database/tenant-tables.ts";
import { mayGo } from "./may-go.ts";
import { undoable } from "./undoable.ts";

/** The websites whose time in the trash is over. */
export const listExpiredWebsites = defineQuery(
  { name: "websites whose undo has ended", indexes: ["websites_pkey"], sample: () => [] },
  (directory: Db): Promise<{ id: number; name: string }[]> =>
    sql<{ id: number; name: string }>`
      select w.id, w.name
      from websites w
      where w.deleted_at <= ${undoable}
      order by w.id`.rows(directory),
);

/** True if something holds rows of a website, which is in the website's own database. */
export const isWebsiteHeld = defineQuery(
  { name: "whether a website is held", indexes: ["holds_pkey"], sample: ({ websiteId }) => [websiteId] },
  async (db: Db, websiteId: number): Promise<boolean> => {
    const rows = await sql`select from (select ${websiteId}::integer as id) w where true ${mayGo.website("w")}`.rows(
      db,
    );
    return rows.length === 0;
  },
);

/**
 * The tables that hold rows of websites, each month of messages by itself, in an order that no foreign key forbids: what refers
 * comes before what it refers to.
 */
export const listTablesOfWebsites = defineQuery(
  { name: "tables with rows of websites", indexes: [], sample: () => [] },
  async (db: Db): Promise<string[]> => {
    const months = await sql<{ parent: string; name: string }>`
      select inhparent::regclass::text as parent, inhrelid::regclass::text as name
      from pg_inherits
      where inhparent = any(${websiteTables}::text[]::regclass[])
      order by 2`.rows(db);
    const byParent = Map.groupBy(months, ({ parent }) => parent);
    const partitioned = new Set(["messages", "messages_archive", "message_search"]);
    return websiteTables.flatMap(table =>
      partitioned.has(table) ? (byParent.get(table) ?? []).map(({ name }) => name) : [table],
    );
  },
);

/**
 * Deletes up to `limit` rows of a website from a table, wherever they lie: no order, so one pass over the website's part of an
 * index is enough. @returns how many
 */
export const deleteWebsiteRows = defineQuery(
  {
    name: "rows of a website that is gone",
    indexes: ["conversation_tags_pkey", "conversation_tags_by_tag"],
    sample: ({ websiteId }) => [{ websiteId, table: "conversation_tags", limit: 100 }],
  },
  async (tx: Db, { websiteId, table, limit }: { websiteId: number; table: string; limit: number }): Promise<number> => {
    const rows = await sql`
      delete from ${raw(table)}
      where website_id = ${websiteId}
        and ctid = any(array(select t.ctid from ${raw(table)} t where t.website_id = ${websiteId} limit ${limit}))
      returning 1 as gone`.rows(tx);
    return rows.length;
  },
);

/** Removes a website without rows in other tables. @returns false if it was brought back */
export const deleteExpiredWebsite = defineQuery(
  {
    name: "the end of a website",
    indexes: ["websites_pkey"],
    sample: () => [0],
  },
  async (directory: Db, websiteId: number): Promise<boolean> => {
    const rows = await sql`
      delete from websites w
      where w.id = ${websiteId}
        and w.deleted_at <= ${undoable}
      returning w.id`.rows(directory);
    return rows.length === 1;
  },
);
