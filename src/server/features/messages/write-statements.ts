import { defineStatements } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { raw, sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";
import { type ConversationRow, conversationColumns, conversationJoins } from "#server/features/conversations/row.ts";
import type { Draft, Written } from "./write.ts";

/*
 * What writes a batch of messages. Its work grows with the batch, not with its square: each draft looks up its
 * conversation and its id by an index, and no two lists of drafts are joined, which the planner, who takes a list for a
 * row or two, would do by comparing each with each (docs/decisions/0004-batch-size.md).
 */

/**
 * For the transaction: one plan for any batch, as planning takes longer than a small batch itself; and row by row, each
 * by its key. A table that is empty when the plan is made looks as if it were read fastest as a whole, and it is kept
 * until the table is analyzed, thousands of rows later: write-plan.test.ts.
 */
const planOnce = sql`
  select set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('enable_material', 'off', true)`;

/** In key order, so that no two batches wait for one another; a statement of its own, so that the next sees the newest. */
const lockOf = (targets: Draft[]) => sql`
  select
  from conversations
  where (website_id, id) in (select * from ${keysOf(targets)})
  order by website_id, id
  for update`;

/**
 * Judges each draft, numbers and inserts those to write, and moves their conversations on. Answers a row for each
 * draft; none for one whose author may not write there.
 */
const writeOf = (drafts: Draft[]) => sql<JudgedRow>`
  with judged as materialized (
    select d.*, c.last_seq, c.last_public_seq,
      m.seq as known_seq, m.kind as known_kind, m.body as known_body, m.created_at as known_at,
      case
        when m.author = d.author
          and m.kind in ('text', 'note')
          and (m.author_id = d.author_id or d.author = 'visitor') then 'known'
        when m.id is not null then 'conflict'
        when c.created_at < now() - interval '${raw(String(limits.conversationDays))} days' then 'expired'
        else 'written'
      end as outcome
    from unnest(
      ${drafts.map(draft => draft.websiteId)}::integer[],
      ${drafts.map(draft => draft.conversationId)}::uuid[],
      ${drafts.map(draft => draft.id)}::uuid[],
      ${drafts.map(draft => draft.kind)}::message_kind[],
      ${drafts.map(draft => draft.body)}::text[],
      ${drafts.map(draft => draft.author)}::author_kind[],
      ${drafts.map(draft => draft.authorId)}::uuid[]
    ) with ordinality as d (website_id, conversation_id, id, kind, body, author, author_id, place)
    join conversations c on c.website_id = d.website_id and c.id = d.conversation_id
    left join messages m on m.website_id = d.website_id and m.conversation_id = d.conversation_id and m.id = d.id
    where case
      -- Not a condition of its own: an index of those that are not deleted would be taken for the way to them.
      when c.deleted_at is not null then false
      when d.author = 'visitor' then c.visitor_id = d.author_id
      else exists (select from memberships s where s.website_id = d.website_id and s.user_id = d.author_id)
    end
  ), numbered as (
    select *, (last_seq + row_number() over conversation)::integer as seq
    from judged
    where outcome = 'written'
    window conversation as (partition by website_id, conversation_id order by place)
  ), fresh as materialized (
    select *, coalesce(max(seq) filter (where kind <> 'note') over before, last_public_seq) as previous_public_seq
    from numbered
    window before as (
      partition by website_id, conversation_id
      order by place
      rows between unbounded preceding and 1 preceding
    )
  ), inserted as (
    insert into messages (website_id, conversation_id, seq, id, kind, body, author, author_id)
    select website_id, conversation_id, seq, id, kind, body, author, case author when 'agent' then author_id end
    from fresh
  ), growth as (
    select website_id, conversation_id,
      max(seq) as last_seq,
      max(seq) filter (where kind <> 'note') as last_public_seq,
      (array_agg(left(body, 200) order by seq desc) filter (where kind <> 'note'))[1] as preview,
      (array_agg(author order by seq desc) filter (where kind <> 'note'))[1] as preview_author,
      count(*) filter (where author = 'visitor')::integer as by_visitor,
      count(*) filter (where author = 'agent' and kind <> 'note')::integer as by_agent
    from fresh
    group by website_id, conversation_id
  ), moved as (
    update conversations c
    set version = c.version + 1,
      last_seq = g.last_seq,
      last_public_seq = coalesce(g.last_public_seq, c.last_public_seq),
      preview = coalesce(g.preview, c.preview),
      preview_author = coalesce(g.preview_author, c.preview_author),
      last_message_at = now(),
      status = case when g.by_visitor > 0 then 'open'::conversation_status else c.status end,
      waiting_since = case g.preview_author
        when 'agent' then null
        when 'visitor' then coalesce(c.waiting_since, now())
        else c.waiting_since
      end,
      agent_unread = c.agent_unread + g.by_visitor,
      visitor_unread = c.visitor_unread + g.by_agent,
      first_reply_at = case when g.by_agent > 0 then coalesce(c.first_reply_at, now()) else c.first_reply_at end
    from growth g
    where c.website_id = g.website_id and c.id = g.conversation_id
  )
  select place::integer, outcome, seq, previous_public_seq as "previousPublicSeq", null::message_kind as kind,
    null as body, now() as "createdAt"
  from fresh
  union all
  select place::integer, outcome, known_seq, case outcome when 'known' then coalesce((
      select max(p.seq)
      from messages p
      where p.website_id = k.website_id
        and p.conversation_id = k.conversation_id
        and p.seq < k.known_seq
        and p.kind in ('text', 'file')
    ), 0) end, known_kind, known_body, known_at
  from judged k
  where outcome <> 'written'`;

export type JudgedRow = {
  /** of the draft, from 1 */
  place: number;
  outcome: Exclude<Written["outcome"], "not_found">;
  seq: number;
  previousPublicSeq: number;
  /** of a message that was known; of one that was written they are the draft's own */
  kind: Draft["kind"] | null;
  body: string | null;
  createdAt: Date;
};

/** The conversations as they are now, each once. */
const readOf = (targets: Draft[]) => sql<ConversationRow>`
  select ${conversationColumns}
  from ${keysOf(targets)} as k (website_id, id)
  join conversations c on c.website_id = k.website_id and c.id = k.id
  ${conversationJoins}`;

const keysOf = (targets: Draft[]) => sql`
  unnest(${targets.map(each => each.websiteId)}::integer[], ${targets.map(each => each.conversationId)}::uuid[])`;

const sampleSize = 10;

/**
 * The statements that write a batch in which no id stands twice for one conversation. For one transaction; the last
 * two answer with JudgedRow and ConversationRow.
 */
export const writeStatements = defineStatements(
  {
    name: "a batch of sends",
    indexes: [
      "conversations_pkey",
      "memberships_pkey",
      "messages_by_id",
      "messages_pkey",
      "visitors_pkey",
      "users_pkey",
    ],
    buffers: sampleSize * 40 + 100,
    sample: at => [Array.from({ length: sampleSize }, (_, i) => sampleDraft(at, i))],
  },
  (drafts: Draft[]) => {
    const targets = [...new Map(drafts.map(draft => [`${draft.websiteId} ${draft.conversationId}`, draft])).values()];
    return [planOnce, lockOf(targets), writeOf(drafts), readOf(targets)].map(each => each.statement());
  },
);

const sampleDraft = ({ websiteId, conversationId, visitorId, agentId }: Sample, i: number): Draft => ({
  websiteId,
  conversationId,
  id: `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`,
  kind: "text",
  body: "Hello",
  ...(i % 2 ? { author: "visitor", authorId: visitorId } : { author: "agent", authorId: agentId }),
});
