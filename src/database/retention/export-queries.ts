import type { Db } from "#database/connect.ts";
import { monthOf, tableOfMonth } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { none, raw, sql } from "#database/sql.ts";

/** A page of a website's rows of a month, each as a line of JSON with all columns; `key` is the place of the row. */
type Page = {
  month: string;
  fromId: string;
  untilId: string;
  websiteId: number;
  after: string[] | null;
  limit: number;
};
export type Line = { line: string; key: string[] };

const all = "an export has everything that the month has";
const sample = ({ websiteId, conversationId }: Sample): [Page] => [
  {
    month: monthOf(conversationId),
    fromId: conversationId,
    untilId: conversationId,
    websiteId,
    after: null,
    limit: 1000,
  },
];

export const listExportedMessages = defineQuery(
  {
    name: "messages of a month, for its export",
    indexes: ["messages_pkey", "messages_archive_pkey"],
    includesDeleted: { messages: all },
    sample,
  },
  (db: Db, p: Page): Promise<Line[]> =>
    sql<Line>`
      select (jsonb_build_object('type', 'message') || to_jsonb(m))::text as line,
        array[m.conversation_id::text, m.seq::text] as key
      from ${raw(tableOfMonth(p.month))} m
      where m.website_id = ${p.websiteId}
        and m.conversation_id >= ${p.fromId}
        and m.conversation_id < ${p.untilId}
        ${p.after ? sql`and (m.conversation_id, m.seq) > (${p.after[0]}, ${Number(p.after[1])})` : none}
      order by m.conversation_id, m.seq
      limit ${p.limit}`.rows(db),
);

export const listExportedConversations = defineQuery(
  {
    name: "conversations of a month, for its export",
    indexes: ["conversations_pkey"],
    includesDeleted: { conversations: all },
    sample,
  },
  (db: Db, p: Page): Promise<Line[]> =>
    sql<Line>`
      select (jsonb_build_object('type', 'conversation') || to_jsonb(c))::text as line, array[c.id::text] as key
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id >= ${p.fromId}
        and c.id < ${p.untilId}
        ${p.after ? sql`and c.id > ${p.after[0]}` : none}
      order by c.id
      limit ${p.limit}`.rows(db),
);

/** Of each conversation, in its order; one with several conversations stands there several times. */
export const listExportedVisitors = defineQuery(
  {
    name: "visitors of a month, for its export",
    indexes: ["conversations_pkey", "visitors_pkey"],
    includesDeleted: { conversations: all, visitors: all },
    sample,
  },
  (db: Db, p: Page): Promise<Line[]> =>
    sql<Line>`
      select (jsonb_build_object('type', 'visitor') || to_jsonb(v))::text as line, array[c.id::text] as key
      from (
        select *
        from conversations c
        where c.website_id = ${p.websiteId}
          and c.id >= ${p.fromId}
          and c.id < ${p.untilId}
          ${p.after ? sql`and c.id > ${p.after[0]}` : none}
        order by c.id
        limit ${p.limit}) c
      join visitors v on v.website_id = c.website_id and v.id = c.visitor_id
      order by c.id`.rows(db),
);
