import type { Db } from "#database/connect.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { keepIndexerOut } from "#database/search/index-queries.ts";
import { raw, sql } from "#database/sql.ts";
import { tenantTables } from "#database/tenant-tables.ts";
import { isDropped } from "./month-queries.ts";

export type Erased = {
  conversationIds: string[];
  /** how many rows of each table went */
  removed: Record<string, number>;
};

type Person = { websiteId: number; visitorId: string; conversationIds: string[] };

/** Children come before the tables that they refer to. */
const erasable = Object.entries<{ of: string; erase: string }>(tenantTables).reverse();
const tablesOf = (subject: "visitor" | "conversation") =>
  erasable.flatMap(([name, { of, erase }]) => (of === subject && erase === "delete" ? [name] : []));

/** In their place the month's own table: one that is detached is a part of neither. */
const tablesOfMonths = ["messages", "messages_archive"];

const everything = "an erasure takes deleted rows too";

/**
 * Deletes every row of a person, for good: the visitor, their conversations and all that belongs to these. It runs in a
 * transaction.
 * @param conversationIds  more conversations of theirs: a restored backup may have them with another visitor, whose thread was
 *                         carried over after it was made. A visitor who has nothing left then goes too
 */
export const erasePerson = defineQuery(
  {
    name: "erasure of a person",
    indexes: [
      "conversations_by_visitor",
      "conversations_pkey",
      "visitors_pkey",
      "messages_pkey",
      "message_months_pkey",
      "message_search_pkey",
      "visitor_search_pkey",
      "conversation_tags_pkey",
      "conversations_deleted",
      "conversations_trash",
    ],
    includesDeleted: { conversations: everything, visitors: everything },
    // Of no visitor: the rows of one who has conversations cannot go before these.
    sample: ({ websiteId, conversationId: nobody }) => [{ websiteId, visitorId: nobody, conversationIds: [] }],
  },
  async (tx: Db, { websiteId, visitorId, conversationIds: known }: Person): Promise<Erased> => {
    const theirs = await sql<{ id: string; visitorId: string }>`
      select id, visitor_id as "visitorId"
      from conversations
      where website_id = ${websiteId}
        and (visitor_id = ${visitorId} or id = any(${known}::uuid[]))
      order by id
      for update`.rows(tx);
    const removed: Record<string, number> = {};
    const remove = async (table: string, column: string, id: string, counted = table) => {
      const rows = await sql`
        delete from ${raw(table)} where website_id = ${websiteId} and ${raw(column)} = ${id} returning 1 as removed`.rows(
        tx,
      );
      if (rows.length > 0) removed[counted] = (removed[counted] ?? 0) + rows.length;
    };
    await keepIndexerOut(tx);
    for (const { id } of theirs) {
      if (!(await isDropped(tx, monthOf(id)))) await remove(partitionOf(id), "conversation_id", id, "messages");
      for (const table of tablesOf("conversation")) {
        if (!tablesOfMonths.includes(table)) await remove(table, "conversation_id", id);
      }
      await remove("conversations", "id", id);
    }
    for (const table of tablesOf("visitor")) {
      if (table !== "conversations") await remove(table, table === "visitors" ? "id" : "visitor_id", visitorId);
    }
    const others = new Set(theirs.map(({ visitorId }) => visitorId));
    others.delete(visitorId);
    for (const id of others) if (await hasNothing(tx, websiteId, id)) await remove("visitors", "id", id);
    return { conversationIds: theirs.map(({ id }) => id), removed };
  },
);

async function hasNothing(tx: Db, websiteId: number, visitorId: string): Promise<boolean> {
  const rows = await sql`
    select id from conversations where website_id = ${websiteId} and visitor_id = ${visitorId} limit 1`.rows(tx);
  return rows.length === 0;
}
