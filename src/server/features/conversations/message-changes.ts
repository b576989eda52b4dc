import { live, visitorSees } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";

/**
 * Computes a locked conversation's preview, counters and `waiting_since` again, after one of its messages was edited or
 * deleted. The row gets its next version, which is also the message's `changed_version`. Its place in the inbox and its
 * last numbers stay.
 */
export const recordMessageChange = defineQuery(
  {
    name: "a conversation of which a message changed",
    indexes: ["conversations_pkey", "messages_pkey"],
    buffers: 120,
    includesDeleted: { conversations: "lockConversation found the row live" },
    sample: key => [key],
  },
  async (tx: Db, { websiteId, conversationId }: { websiteId: number; conversationId: string }): Promise<void> => {
    const inConversation = sql`
      from ${raw(partitionOf(conversationId))} m
      where m.website_id = ${websiteId}
        and m.conversation_id = ${conversationId}`;
    const visible = sql`${inConversation} and ${live("m")} and ${visitorSees("m")}`;
    const newest = sql`${visible} order by m.seq desc limit 1`;
    // An agent's answer ends the wait, and so does resolving.
    const ending = sql`
      ${inConversation}
        and ((m.author = 'agent' and ${visitorSees("m")} and ${live("m")})
          or (m.kind = 'event' and m.details ->> 'type' = 'resolved'))
      order by m.seq desc
      limit 1`;
    await sql`
      update conversations c
      set version = c.version + 1,
        changed_version = c.version + 1,
        changed_at = now(),
        preview = coalesce((select left(m.body, 200) ${newest}), ''),
        preview_author = coalesce((select m.author ${newest}), 'visitor'),
        agent_unread = (select count(*) ${visible} and m.author = 'visitor' and m.seq > c.agent_read_seq),
        may_have_unread = true,
        visitor_unread = (select count(*) ${visible} and m.author = 'agent' and m.seq > c.visitor_read_seq),
        waiting_since = case when c.status = 'open' then (
          select m.created_at
          ${visible}
            and m.author = 'visitor'
            and m.seq > coalesce((select m.seq ${ending}), 0)
          order by m.seq
          limit 1) end
      where c.website_id = ${websiteId}
        and c.id = ${conversationId}`.rows(tx);
  },
);
