import { allMessages, bucketOf, live, visitorSees } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, type Sql, sql } from "#database/sql.ts";

/** A conversation whose row does not match its messages, in a counter or in its preview. */
export type Drift = { websiteId: number; conversationId: string };

/** Conversations c of a website, with the values that their messages give: n the counters, p the preview. */
const counted = (websiteId: number, conversations: Sql) => sql`
  (${conversations}) c
  left join lateral (
    select left(m.body, 200) as preview, m.author as preview_author
    from ${allMessages} m
    where m.website_id = ${websiteId}
      and m.conversation_id = c.id
      and ${visitorSees("m")}
      and ${live("m")}
    order by m.seq desc
    limit 1
  ) p on true
  cross join lateral (
    select coalesce(max(m.seq), 0) as last_seq,
      coalesce(max(m.seq) filter (where ${visitorSees("m")}), 0) as last_public_seq,
      (count(*) filter (where ${unreadOf("visitor", "agent_read_seq")}))::integer as agent_unread,
      (count(*) filter (where ${unreadOf("agent", "visitor_read_seq")}))::integer as visitor_unread
    from ${allMessages} m
    where m.website_id = ${websiteId}
      and m.conversation_id = c.id
  ) n`;

const unreadOf = (author: "agent" | "visitor", cursor: "agent_read_seq" | "visitor_read_seq") => sql`
  m.author = ${raw(`'${author}'`)} and m.seq > ${raw(`c.${cursor}`)} and ${visitorSees("m")} and ${live("m")}`;

const numbersStay = "a deleted message keeps its number";

const preview = sql`coalesce(p.preview, '')`;
const previewAuthor = sql`coalesce(p.preview_author, 'visitor')`;

const differs = sql`
  (c.last_seq, c.last_public_seq, c.agent_unread, c.visitor_unread, c.preview, c.preview_author)
    is distinct from
    (n.last_seq, n.last_public_seq, n.agent_unread, n.visitor_unread, ${preview}, ${previewAuthor})`;

export const listWebsiteIds = defineQuery(
  {
    name: "every website",
    indexes: ["websites_pkey"],
    includesDeleted: { websites: "what their people deleted goes for good on its day" },
    sample: () => [],
  },
  async (db: Db): Promise<number[]> => {
    const websites = await db.selectFrom("websites").select("id").orderBy("id").execute();
    return websites.map(({ id }) => id);
  },
);

/** The drifts of one website, among its conversations with a recent message or a recently changed one. */
export const findDriftOf = defineQuery(
  {
    name: "counters that differ from their messages",
    indexes: [
      "conversations_inbox",
      "conversations_changed",
      "conversations_pkey",
      "messages_pkey",
      "messages_archive_pkey",
    ],
    includesDeleted: { messages: numbersStay },
    sample: ({ websiteId }) => [{ websiteId, sinceHours: 1 }],
  },
  async (db: Db, p: { websiteId: number; sinceHours: number }): Promise<Drift[]> => {
    const since = sql`now() - make_interval(hours => ${p.sinceHours})`;
    const ofWebsite = sql`select r.id from conversations r where r.website_id = ${p.websiteId} and ${live("r")}`;
    // A join: for `c.id = any(…)` PostgreSQL 18 takes an index of visitors, and skips through all of them.
    const recent = sql`
      select c.*
      from (
        ${ofWebsite} and r.status in ('open', 'resolved') and r.last_message_bucket >= ${bucketOf(since)}
        union
        ${ofWebsite} and r.changed_at > ${since}) k
      join conversations c on c.website_id = ${p.websiteId} and c.id = k.id and ${live("c")}`;
    return sql<Drift>`
      select c.website_id as "websiteId", c.id as "conversationId"
      from ${counted(p.websiteId, recent)}
      where ${differs}`.rows(db);
  },
);

/**
 * Counts a conversation's messages again, under the lock of its row: a message may have arrived since the drift was found.
 * @returns whether it still differed
 */
export const recountConversation = defineQuery(
  {
    name: "counters of a conversation, corrected",
    indexes: ["conversations_pkey", "messages_pkey", "messages_archive_pkey"],
    includesDeleted: { conversations: "the counters of one that is brought back must be right", messages: numbersStay },
    sample: key => [key],
  },
  async (tx: Db, { websiteId, conversationId }: Drift): Promise<boolean> => {
    await sql`
      select from conversations where website_id = ${websiteId} and id = ${conversationId} for update`.rows(tx);
    const one = sql`select c.* from conversations c where c.website_id = ${websiteId} and c.id = ${conversationId}`;
    const corrected = await sql`
      update conversations target
      set last_seq = n.last_seq, last_public_seq = n.last_public_seq, agent_unread = n.agent_unread,
        may_have_unread = n.agent_unread > 0,
        visitor_unread = n.visitor_unread, preview = ${preview}, preview_author = ${previewAuthor},
        version = target.version + 1
      from ${counted(websiteId, one)}
      where target.website_id = ${websiteId} and target.id = c.id and ${differs}
      returning target.id`.rows(tx);
    return corrected.length === 1;
  },
);

/**
 * Clears `may_have_unread` of up to `limit` open conversations of a website in which all is read. Skips locked rows:
 * somebody writes there now, and the next run comes soon. @returns how many
 */
export const clearFlagsOf = defineQuery(
  {
    name: "flags of conversations in which all is read",
    indexes: ["conversations_inbox_unread", "conversations_pkey"],
    sample: ({ websiteId }) => [{ websiteId, limit: 10 }],
  },
  async (db: Db, { websiteId, limit }: { websiteId: number; limit: number }): Promise<number> => {
    const cleared = await sql`
      update conversations c
      set may_have_unread = false
      from (
        select r.id
        from conversations r
        where r.website_id = ${websiteId}
          and r.status = 'open'
          and r.may_have_unread
          and r.agent_unread = 0
          and ${live("r")}
        limit ${limit}
        for update skip locked) k
      where c.website_id = ${websiteId}
        and c.id = k.id
        and ${live("c")}
      returning c.id`.rows(db);
    return cleared.length;
  },
);
