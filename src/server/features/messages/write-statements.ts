import { active, deleted, live, ofLiveConversation, visitorSees } from "#database/conditions.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { planOnce } from "#database/pipeline.ts";
import { defineStatements } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { raw, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import { lockConversations, readConversations } from "#server/features/conversations/feature.ts";
import type { NewMessage, Written } from "./new-message.ts";

/*
 * Writes a batch of messages. The work grows with the batch, not with its square: an index finds the conversation and the id
 * of each message. No two lists of messages are joined: the planner expects one or two rows of a list, and would compare
 * each row with each (docs/decisions/0004-batch-size.md).
 */

/**
 * Checks each message, numbers and inserts the new ones, and updates their conversations. Returns a row per message, except
 * for messages whose author may not write there.
 * @param table  holds the messages of all their conversations: see writableTable()
 */
const writeOf = (messages: NewMessage[], table: string) => sql<CheckedRow>`
  with checked as materialized (
    select d.*, c.last_seq, c.last_public_seq,
      m.seq as known_seq, m.kind as known_kind, m.created_at as known_at, m.edited_at as known_edited_at,
      m.deleted_at as known_deleted_at, m.changed_version as known_changed_version,
      case when ${live("m")} then m.body else '' end as known_body,
      case
        when m.author = d.author
          and m.kind in ('text', 'note')
          and (m.author_id = d.author_id or d.author = 'visitor') then 'duplicate'
        when m.id is not null then 'conflict'
        when c.created_at < now() - interval '${raw(String(limits.conversationDays))} days' then 'expired'
        else 'inserted'
      end as outcome
    from unnest(
      ${messages.map(message => message.websiteId)}::integer[],
      ${messages.map(message => message.conversationId)}::uuid[],
      ${messages.map(message => message.id)}::uuid[],
      ${messages.map(message => message.kind)}::message_kind[],
      ${messages.map(message => message.body)}::text[],
      ${messages.map(message => message.author)}::author_kind[],
      ${messages.map(message => message.authorId)}::uuid[]
    ) with ordinality as d (website_id, conversation_id, id, kind, body, author, author_id, place)
    join conversations c on c.website_id = d.website_id and c.id = d.conversation_id
    left join ${raw(table)} m on m.website_id = d.website_id and m.conversation_id = d.conversation_id and m.id = d.id
    where case
      -- Inside the case: as a separate condition it would make the planner use an index of undeleted conversations.
      when ${deleted("c")} then false
      when d.author = 'visitor' then c.visitor_id = d.author_id
      else not c.is_restricted and exists (
        select from memberships s where s.website_id = d.website_id and s.user_id = d.author_id and ${active("s")})
    end
  ), numbered as (
    select *, (last_seq + row_number() over conversation)::integer as seq
    from checked
    where outcome = 'inserted'
    window conversation as (partition by website_id, conversation_id order by place)
  ), inserted as materialized (
    select *, coalesce(max(seq) filter (where ${visitorSees("numbered")}) over before, last_public_seq) as previous_public_seq
    from numbered
    window before as (
      partition by website_id, conversation_id
      order by place
      rows between unbounded preceding and 1 preceding
    )
  ), stored as (
    insert into ${raw(table)} (website_id, conversation_id, seq, id, kind, body, author, author_id)
    select website_id, conversation_id, seq, id, kind, body, author, case when author = 'agent' then author_id end
    from inserted
  ), queued as (
    -- One row for the batch. Without a lock and without an index on what it holds, it costs a send next to nothing.
    insert into search_queue (website_ids, ids, seqs)
    select array_agg(website_id), array_agg(conversation_id), array_agg(seq)
    from inserted
    having count(*) > 0
  ), delta as (
    select website_id, conversation_id,
      max(seq) as last_seq,
      max(seq) filter (where ${visitorSees("inserted")}) as last_public_seq,
      (array_agg(left(body, 200) order by seq desc) filter (where ${visitorSees("inserted")}))[1] as preview,
      (array_agg(author order by seq desc) filter (where ${visitorSees("inserted")}))[1] as preview_author,
      count(*) filter (where author = 'visitor')::integer as by_visitor,
      count(*) filter (where author = 'agent' and ${visitorSees("inserted")})::integer as by_agent
    from inserted
    group by website_id, conversation_id
  ), updated as (
    update conversations c
    set version = c.version + 1,
      last_seq = g.last_seq,
      last_public_seq = coalesce(g.last_public_seq, c.last_public_seq),
      preview = coalesce(g.preview, c.preview),
      preview_author = coalesce(g.preview_author, c.preview_author),
      last_message_at = now(),
      status = case when g.by_visitor > 0 then 'open'::conversation_status else c.status end,
      waiting_since = case
        when g.preview_author = 'agent' then null
        when g.preview_author = 'visitor' then coalesce(c.waiting_since, now())
        else c.waiting_since
      end,
      agent_unread = c.agent_unread + g.by_visitor,
      may_have_unread = c.may_have_unread or g.by_visitor > 0,
      visitor_unread = c.visitor_unread + g.by_agent,
      first_reply_at = case when g.by_agent > 0 then coalesce(c.first_reply_at, now()) else c.first_reply_at end
    from delta g
    where c.website_id = g.website_id and c.id = g.conversation_id
  )
  select place::integer, outcome, seq, previous_public_seq as "previousPublicSeq", null::message_kind as kind,
    null as body, now() as "createdAt", null::timestamptz as "editedAt", null::timestamptz as "deletedAt",
    null::integer as "changedVersion"
  from inserted
  union all
  select place::integer, outcome, known_seq, case when outcome = 'duplicate' then coalesce((
      select max(p.seq)
      from ${raw(table)} p
      where p.website_id = k.website_id
        and p.conversation_id = k.conversation_id
        and p.seq < k.known_seq
        and ${visitorSees("p")}
    ), 0) end, known_kind, known_body, known_at, known_edited_at, known_deleted_at, known_changed_version
  from checked k
  where outcome <> 'inserted'`;

export type CheckedRow = {
  /** of the message, from 1 */
  place: number;
  outcome: Exclude<Written["outcome"], "not_found">;
  seq: number;
  previousPublicSeq: number;
  /** of a duplicate; an inserted message has its own */
  kind: NewMessage["kind"] | null;
  body: string | null;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  changedVersion: number | null;
};

/** After planOnce. The last two answer with CheckedRow and ConversationRow. */
export const writeMessages = (messages: NewMessage[], table: string) => [
  lockConversations(messages),
  writeOf(messages, table),
  readConversations(messages),
];

export const indexesOfWrite = [
  "conversations_pkey",
  "memberships_pkey",
  "memberships_of_user",
  "messages_by_id",
  "messages_pkey",
  "visitors_pkey",
];

const sampleSize = 10;

/**
 * The statements that write a batch in which no id is repeated within a conversation. They run in one transaction; the last
 * two return CheckedRow and ConversationRow.
 */
export const writeStatements = defineStatements(
  {
    name: "a batch of sends",
    indexes: indexesOfWrite,
    buffers: sampleSize * 40 + 100,
    includesDeleted: {
      ...ofLiveConversation,
      conversations: "they are locked and read before they are checked; messages are stored in live ones",
      messages: "sending a deleted message again must not bring it back, and its number stays taken",
    },
    cases: [
      { name: "to recent conversations", sample: at => [sampleBatch(at), "messages"] },
      { name: "to old conversations of a month", sample: at => [sampleBatch(at), partitionOf(at.conversationId)] },
    ],
  },
  (messages: NewMessage[], table: string) =>
    [planOnce, ...writeMessages(messages, table)].map(each => each.statement()),
);

const sampleBatch = (at: Sample) => Array.from({ length: sampleSize }, (_, i) => sampleMessage(at, i));

const sampleMessage = ({ websiteId, conversationId, visitorId, agentId }: Sample, i: number): NewMessage => ({
  websiteId,
  conversationId,
  id: `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`,
  kind: "text",
  body: "Hello",
  ...(i % 2 ? { author: "visitor", authorId: visitorId } : { author: "agent", authorId: agentId }),
});
