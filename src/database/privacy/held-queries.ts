import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { none, raw, sql } from "#database/sql.ts";
import { exported } from "./exported-tables.ts";

type Key = { websiteId: number; visitorId: string };
type OfVisitor = Key & { table: string; after: string | null };
/** `from`: where the rows are, for messages the table of their month */
type OfConversation = OfVisitor & { from: string; conversationId: string };

/** A row as JSON, and its place in the order of the table's key. */
export type HeldRow = { row: string; place: string };

export const pageSize = 500;

const everything = "what is kept of a person is theirs to see, deleted or not";

export const listConversationIds = defineQuery(
  {
    name: "ids of a visitor's conversations",
    indexes: ["conversations_by_visitor"],
    includesDeleted: { conversations: everything },
    sample: key => [{ ...key, after: null }],
  },
  (db: Db, { websiteId, visitorId, after }: Key & { after: string | null }) =>
    sql<HeldRow>`
      select id::text as row, id::text as place
      from conversations
      where website_id = ${websiteId}
        and visitor_id = ${visitorId}
        ${after ? sql`and id > ${after}` : none}
      order by id
      limit ${pageSize}`.rows(db),
);

export const listOfVisitor = defineQuery(
  {
    name: "what is kept of a visitor in a table",
    indexes: ["conversations_by_visitor", "visitors_pkey"],
    cases: ["visitors", "conversations"].map(table => ({
      name: table,
      sample: (key: Sample): [OfVisitor] => [{ ...key, table, after: null }],
    })),
  },
  (db: Db, { websiteId, visitorId, table, after }: OfVisitor) => {
    const { columns } = exported.find(({ name }) => name === table)!;
    const owner = raw(table === "visitors" ? "id" : "visitor_id");
    return sql<HeldRow>`
      select row_to_json(r)::text as row, r.id::text as place
      from (
        select ${raw(columns.join(", "))}
        from ${raw(table)}
        where website_id = ${websiteId}
          and ${owner} = ${visitorId}
          ${after ? sql`and id > ${after}` : none}
        order by id
        limit ${pageSize}) r`.rows(db);
  },
);

export const listOfConversation = defineQuery(
  {
    name: "what is kept of a conversation in a table",
    indexes: ["messages_pkey", "messages_archive_pkey", "conversation_tags_pkey"],
    cases: ["messages", "messages_archive", "conversation_tags"].map(table => ({
      name: table,
      sample: (key: Sample): [OfConversation] => [
        { ...key, table, from: table === "conversation_tags" ? table : partitionOf(key.conversationId), after: null },
      ],
    })),
  },
  (db: Db, p: OfConversation) => {
    const { columns, key } = exported.find(({ name }) => name === p.table)!;
    // The rest of the key, behind website and conversation.
    const place = raw(key[2]!);
    return sql<HeldRow>`
      select row_to_json(r)::text as row, r.${place}::text as place
      from (
        select ${raw(columns.join(", "))}
        from ${raw(p.from)}
        where website_id = ${p.websiteId}
          and conversation_id = ${p.conversationId}
          ${p.after ? sql`and ${place} > ${p.after}` : none}
        order by ${place}
        limit ${pageSize}) r`.rows(db);
  },
);
