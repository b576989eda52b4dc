import { live, visitorSees } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";

type Key = { websiteId: number; conversationId: string };

/** The answers that a visitor has neither read nor got by e-mail, and the address for them. */
export type Missed = {
  email: string;
  pageUrl: string | null;
  answers: { seq: number; body: string; createdAt: string; authorName: string | null }[];
};

/** More of them are for the chat. */
const maxAnswers = 20;

/** @returns null if there is none, or no address, or the visitor's data may not be used */
export const findMissed = defineQuery(
  {
    name: "answers that a visitor has missed",
    indexes: ["conversations_pkey", "visitors_pkey", "memberships_pkey", "messages_pkey"],
    includesDeleted: { memberships: "a former agent's answer has their name" },
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId }],
  },
  async (db: Db, { websiteId, conversationId }: Key): Promise<Missed | null> => {
    const rows = await sql<Missed>`
      select v.email, v.page_url as "pageUrl",
        (
          select json_agg(json_build_object('seq', a.seq, 'body', a.body, 'createdAt', a.created_at, 'authorName', a.name)
            order by a.seq)
          from (
            select m.seq, m.body, m.created_at, s.name
            from ${raw(partitionOf(conversationId))} m
            left join memberships s on s.website_id = m.website_id and s.user_id = m.author_id
            where m.website_id = c.website_id
              and m.conversation_id = c.id
              and m.seq > greatest(c.visitor_read_seq, c.mailed_seq)
              and m.author = 'agent'
              and ${visitorSees("m")}
              and ${live("m")}
            order by m.seq
            limit ${maxAnswers}
          ) a
        ) as answers
      from conversations c
      join visitors v on v.website_id = c.website_id and v.id = c.visitor_id and ${live("v")}
      where c.website_id = ${websiteId}
        and c.id = ${conversationId}
        and ${live("c")}
        and not c.is_restricted
        and v.email is not null`.rows(db);
    return rows[0]?.answers ? rows[0] : null;
  },
);

export const updateMailedSeq = defineQuery(
  {
    name: "answers that were sent by e-mail",
    indexes: ["conversations_pkey"],
    buffers: 30, // all indexes, where the page has no room for the new version
    includesDeleted: { conversations: "the mail was sent before the deletion" },
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId }, 1],
  },
  async (db: Db, { websiteId, conversationId }: Key, seq: number): Promise<void> => {
    await sql`
      update conversations c
      set mailed_seq = greatest(c.mailed_seq, ${seq})
      where c.website_id = ${websiteId}
        and c.id = ${conversationId}`.rows(db);
  },
);
