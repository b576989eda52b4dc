import type pg from "pg";
import type { Query, Statement } from "#database/connect.ts";
import { pipelined } from "#database/pipeline.ts";
import { limits } from "#protocol/limits.ts";
import { type ConversationRow, conversationColumns, conversationJoins } from "#server/features/conversations/row.ts";

/** A message to write. Whether its author may write there is decided by the statement itself. */
export type Draft = {
  websiteId: number;
  conversationId: string;
  id: string;
  kind: "text" | "note";
  body: string;
  author: "agent" | "visitor";
  authorId: string;
};

export type Written =
  | { outcome: "written" | "known"; message: WrittenMessage; conversation: ConversationRow }
  /** past its days: the conversation is told so that another can continue it */
  | { outcome: "expired"; conversation: ConversationRow }
  | { outcome: "not_found" };

/** Committed now, or earlier under the same id. */
export type WrittenMessage = {
  seq: number;
  /** the message before it that visitors may see, 0 when none */
  previousPublicSeq: number;
  kind: "text" | "note";
  body: string;
  createdAt: Date;
};

/** In key order, so that no two batches wait for one another; a statement of its own, so that the next sees the newest. */
const lockText = `
  select from conversations
  where (website_id, id) in (select * from unnest($1::integer[], $2::uuid[]))
  order by website_id, id
  for update`;

/** Numbers the messages, inserts them, and moves their conversations on. One that is there already is given as it is. */
const writeText = `
  with draft as (
    select * from unnest(
      $1::integer[], $2::uuid[], $3::uuid[], $4::message_kind[], $5::text[], $6::author_kind[], $7::uuid[]
    ) with ordinality as t (website_id, conversation_id, id, kind, body, author, author_id, place)
  ), allowed as (
    select d.*, c.last_seq, c.last_public_seq,
      c.created_at < now() - interval '${limits.conversationDays} days' as expired
    from draft d
    join conversations c on c.website_id = d.website_id and c.id = d.conversation_id
    where c.deleted_at is null
      and case d.author
        when 'visitor' then c.visitor_id = d.author_id
        else exists (select from memberships m where m.website_id = d.website_id and m.user_id = d.author_id)
      end
  ), known as (
    select d.place, m.seq, m.kind, m.body, m.created_at, coalesce((
        select max(p.seq)
        from messages p
        where p.website_id = d.website_id
          and p.conversation_id = d.conversation_id
          and p.seq < m.seq
          and p.kind in ('text', 'file')
      ), 0) as previous_public_seq
    from allowed d
    join messages m
      on m.website_id = d.website_id and m.conversation_id = d.conversation_id and m.id = d.id and m.author = d.author
  ), numbered as (
    select *,
      (last_seq + row_number() over (partition by website_id, conversation_id order by place))::integer as seq
    from allowed
    where not expired
      and place not in (select place from known)
  ), fresh as (
    select *, coalesce(
        max(seq) filter (where kind <> 'note') over (
          partition by website_id, conversation_id order by place rows between unbounded preceding and 1 preceding),
        last_public_seq) as previous_public_seq
    from numbered
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
    returning c.*
  ), current as (
    select * from moved
    union all
    select c.*
    from conversations c
    where (c.website_id, c.id) in (select website_id, conversation_id from allowed)
      and (c.website_id, c.id) not in (select website_id, conversation_id from growth)
  )
  select d.place::integer,
    case when k.place is not null then 'known' when f.place is not null then 'written' else 'expired' end as outcome,
    coalesce(k.seq, f.seq) as seq,
    coalesce(k.previous_public_seq, f.previous_public_seq) as "previousPublicSeq",
    coalesce(k.kind, d.kind) as kind,
    coalesce(k.body, d.body) as body,
    coalesce(k.created_at, now()) as "messageCreatedAt",
    ${conversationColumns}
  from allowed d
  join current c on c.website_id = d.website_id and c.id = d.conversation_id
  ${conversationJoins}
  left join known k on k.place = d.place
  left join fresh f on f.place = d.place`;

type WrittenRow = ConversationRow &
  Omit<WrittenMessage, "createdAt"> & {
    place: number;
    outcome: "written" | "known" | "expired";
    messageCreatedAt: Date;
  };

/** The two statements that write a batch, for one transaction. */
export function writeStatements(drafts: Draft[]): [Statement, Statement] {
  const websiteIds = drafts.map(draft => draft.websiteId);
  const conversationIds = drafts.map(draft => draft.conversationId);
  return [
    { name: "lock-conversations", text: lockText, values: [websiteIds, conversationIds] },
    {
      name: "write-messages",
      text: writeText,
      values: [
        websiteIds,
        conversationIds,
        drafts.map(draft => draft.id),
        drafts.map(draft => draft.kind),
        drafts.map(draft => draft.body),
        drafts.map(draft => draft.author),
        drafts.map(draft => draft.authorId),
      ],
    },
  ];
}

/** One outcome a draft, in the drafts' order. */
export function readWritten(drafts: Draft[], rows: unknown[]): Written[] {
  const written: Written[] = drafts.map(() => ({ outcome: "not_found" }));
  for (const row of rows as WrittenRow[]) {
    const { place, outcome, seq, previousPublicSeq, kind, body, messageCreatedAt, ...conversation } = row;
    written[place - 1] =
      outcome === "expired"
        ? { outcome, conversation }
        : { outcome, conversation, message: { seq, previousPublicSeq, kind, body, createdAt: messageCreatedAt } };
  }
  return written;
}

/** Writes one message inside a transaction that does more. */
export async function writeOne(query: Query, draft: Draft): Promise<Written> {
  const [lock, write] = writeStatements([draft]);
  await query(lock);
  return readWritten([draft], await query(write))[0]!;
}

/** Writes a batch in one transaction and one round trip. */
export async function writeBatch(pipelines: pg.Pool, drafts: Draft[]): Promise<Written[]> {
  const [, rows] = await pipelined(pipelines, writeStatements(drafts));
  return readWritten(drafts, rows!);
}
