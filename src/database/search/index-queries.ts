import { allMessages, bucketOf, live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, raw, sql } from "#database/sql.ts";

/** A message that is searched for by its words. */
export type MessageKey = { websiteId: number; conversationId: string; seq: number };
export type VisitorKey = { websiteId: number; visitorId: string };

export type Source = MessageKey & {
  body: string;
  /** as of authorWord() */
  author: string;
  createdAt: Date;
};

export type Words = MessageKey & { createdAt: Date; words: string };

const lockId = raw("hashtext('prochat search')");

/** True for one indexer at a time, until its transaction ends, and only while nothing is deleted for good. */
export const lockIndex = defineQuery(
  { name: "the right to write the search index", indexes: [], sample: () => [] },
  async (tx: Db): Promise<boolean> => {
    const [row] = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(${lockId}) as locked`.rows(tx);
    return row!.locked;
  },
);

/**
 * To be called before messages are deleted for good: waits for the indexer, which may have read them. When it goes on, they
 * are gone, so their words do not come back.
 */
export const keepIndexerOut = defineQuery(
  { name: "the search index kept as it is", indexes: [], sample: () => [] },
  (tx: Db): Promise<unknown> => sql`select pg_advisory_xact_lock_shared(${lockId})`.rows(tx),
);

/** The months that have messages and a table for their words, such as 2026-11; the newest first. */
export const listSearchMonths = defineQuery(
  { name: "months that are searched", indexes: ["search_months_pkey", "message_months_pkey"], sample: () => [] },
  async (db: Db): Promise<string[]> => {
    const rows = await sql<{ month: string }>`
      select to_char(s.month, 'YYYY-MM') as month
      from search_months s
      join message_months m on m.month = s.month
      where m.state in ('live', 'archived', 'exported')
      order by s.month desc`.rows(db);
    return rows.map(({ month }) => month);
  },
);

type Queued = { websiteIds: number[]; ids: string[]; seqs: number[] | null };

export const isAnythingQueued = defineQuery(
  {
    name: "whether something waits for the search index",
    indexes: ["search_queue_pkey"],
    buffers: 20,
    sample: () => [],
  },
  async (db: Db): Promise<boolean> => {
    const rows = await sql`select from search_queue order by id limit 1`.rows(db);
    return rows.length > 0;
  },
);

const maxEntries = 500;

/**
 * Takes the oldest entries out of the queue: with the rest of the transaction, or not at all.
 * @param limit  messages and visitors; the last entry may have more
 */
export const takeQueued = defineQuery(
  { name: "the next changes to index", indexes: ["search_queue_pkey"], sample: () => [100] },
  (tx: Db, limit: number): Promise<Queued[]> =>
    sql<Queued>`
      delete from search_queue
      where id in (
        select id
        from (
          select id, sum(cardinality(ids)) over (order by id) - cardinality(ids) as before
          from (select id, ids from search_queue order by id limit ${raw(String(maxEntries))}) as oldest
        ) as counted
        where before < ${limit})
      returning website_ids as "websiteIds", ids, seqs`.rows(tx),
);

/** To be called in the transaction that changes the messages. */
export const queueMessages = defineQuery(
  {
    name: "changed messages for the search index",
    indexes: [],
    sample: ({ websiteId, conversationId }) => [{ websiteId, conversationId, seqs: [1] }],
  },
  (tx: Db, { websiteId, conversationId, seqs }: { websiteId: number; conversationId: string; seqs: number[] }) =>
    sql`
      insert into search_queue (website_ids, ids, seqs)
      select array_fill(${websiteId}::integer, array[cardinality(s.seqs)]),
        array_fill(${conversationId}::uuid, array[cardinality(s.seqs)]), s.seqs
      from (select ${seqs}::integer[] as seqs) s
      where cardinality(s.seqs) > 0`.rows(tx),
);

const columns = raw(`m.website_id as "websiteId", m.conversation_id as "conversationId", m.seq, m.body,
  m.created_at as "createdAt",
  case m.author when 'agent' then coalesce(m.author_id::text, 'system') else m.author::text end as author`);
const isSearched = raw("m.kind in ('text', 'note', 'file') and m.body <> ''");

/** Those of the messages of one month that are there, and are not deleted. */
export const readMessages = defineQuery(
  {
    name: "messages to index",
    indexes: ["messages_pkey"],
    buffers: 40,
    sample: ({ websiteId, conversationId, lastSeq }) => [[{ websiteId, conversationId, seq: lastSeq }]],
  },
  (tx: Db, keys: MessageKey[]): Promise<Source[]> =>
    sql<Source>`
      select ${columns}
      from ${unnested(keys)} as k (website_id, conversation_id, seq)
      cross join lateral (
        select *
        from ${raw(partitionOf(keys[0]!.conversationId))} m
        where m.website_id = k.website_id
          and m.conversation_id = k.conversation_id
          and m.seq = k.seq
          and ${live("m")}
        limit 1) m
      where ${isSearched}`.rows(tx),
);

/** The next messages of a month, in the order of their keys. */
export const readMessagesAfter = defineQuery(
  {
    name: "older messages to index",
    indexes: ["messages_pkey"],
    buffers: 200,
    sample: ({ websiteId, conversationId }) => [
      { table: partitionOf(conversationId), after: { websiteId, conversationId, seq: 0 }, limit: 20 },
    ],
  },
  (
    tx: Db,
    { table, after, limit }: { table: string; after: MessageKey | null; limit: number },
  ): Promise<(Source & { isSearched: boolean })[]> =>
    sql<Source & { isSearched: boolean }>`
      select ${columns}, ${isSearched} and ${live("m")} as "isSearched"
      from ${raw(table)} m
      ${after ? sql`where (m.website_id, m.conversation_id, m.seq) > (${after.websiteId}, ${after.conversationId}, ${after.seq})` : none}
      order by m.website_id, m.conversation_id, m.seq
      limit ${limit}`.rows(tx),
);

/** Writes the words of messages of one month, in place of those that are there. */
export const writeWords = defineQuery(
  {
    name: "words of messages",
    indexes: ["message_search_pkey"],
    sample: ({ websiteId, conversationId, lastMessageAt }) => [
      [{ websiteId, conversationId, seq: 1, createdAt: lastMessageAt, words: "'BDhello':1" }],
    ],
  },
  (tx: Db, words: Words[]): Promise<unknown> =>
    sql`
      insert into ${raw(searchTableOf(words[0]!.conversationId))} (website_id, conversation_id, seq, created_at, words)
      select w.website_id, w.conversation_id, w.seq, w.created_at, w.words::tsvector
      from unnest(
        ${words.map(each => each.websiteId)}::integer[],
        ${words.map(each => each.conversationId)}::uuid[],
        ${words.map(each => each.seq)}::integer[],
        ${words.map(each => each.createdAt)}::timestamptz[],
        ${words.map(each => each.words)}::text[]
      ) as w (website_id, conversation_id, seq, created_at, words)
      on conflict (website_id, conversation_id, seq) do update set words = excluded.words`.rows(tx),
);

/** Removes the words of messages of one month. */
export const deleteWords = defineQuery(
  {
    name: "words of deleted messages",
    indexes: ["message_search_pkey"],
    sample: ({ websiteId, conversationId }) => [[{ websiteId, conversationId, seq: 1 }]],
  },
  (tx: Db, keys: MessageKey[]): Promise<unknown> =>
    sql`
      delete from ${raw(searchTableOf(keys[0]!.conversationId))}
      where (website_id, conversation_id, seq) in (select * from ${unnested(keys)})`.rows(tx),
);

type Progress = { month: string; after: MessageKey | null };

/** The newest month whose older messages are not all indexed; null: all are. */
export const findUnfinishedMonth = defineQuery(
  { name: "the next month to index", indexes: ["search_months_pkey", "message_months_pkey"], sample: () => [] },
  async (db: Db): Promise<Progress | null> => {
    const [row] = await sql<{ month: string } & { [Key in keyof MessageKey]: MessageKey[Key] | null }>`
      select to_char(s.month, 'YYYY-MM') as month, s.website_id as "websiteId", s.conversation_id as "conversationId", s.seq
      from search_months s
      join message_months m on m.month = s.month
      where s.finished_at is null
        and m.state in ('live', 'archived', 'exported')
      order by s.month desc
      limit 1`.rows(db);
    if (!row) return null;
    const { month, ...after } = row;
    return { month, after: after.websiteId === null ? null : (after as MessageKey) };
  },
);

export const recordProgress = defineQuery(
  {
    name: "how far older messages are indexed",
    indexes: ["search_months_pkey"],
    sample: () => [{ month: "2026-11", last: null, messages: 0 }],
  },
  (tx: Db, { month, last, messages }: { month: string; last: MessageKey | null; messages: number }) =>
    sql`
      update search_months
      set messages = messages + ${messages},
        ${
          last
            ? sql`website_id = ${last.websiteId}, conversation_id = ${last.conversationId}, seq = ${last.seq}`
            : sql`finished_at = now(), website_id = null, conversation_id = null, seq = null`
        }
      where month = ${`${month}-01`}::date`.rows(tx),
);

/** The next visitors, in the order of their keys. */
export const readVisitorsAfter = defineQuery(
  {
    name: "older visitors to index",
    indexes: ["visitors_pkey"],
    includesDeleted: { visitors: "they may be brought back" },
    sample: ({ websiteId, visitorId }) => [{ after: { websiteId, visitorId }, limit: 20 }],
  },
  (tx: Db, { after, limit }: { after: VisitorKey | null; limit: number }): Promise<VisitorKey[]> =>
    sql<VisitorKey>`
      select v.website_id as "websiteId", v.id as "visitorId"
      from visitors v
      ${after ? sql`where (v.website_id, v.id) > (${after.websiteId}, ${after.visitorId})` : none}
      order by v.website_id, v.id
      limit ${limit}`.rows(tx),
);

/** How far visitors are indexed; null: all are. */
export const findVisitorProgress = defineQuery(
  { name: "how far visitors are indexed", indexes: [], sample: () => [] },
  async (db: Db): Promise<{ after: VisitorKey | null } | null> => {
    const [row] = await sql<{ websiteId: number | null; visitorId: string | null }>`
      select website_id as "websiteId", visitor_id as "visitorId"
      from search_visitors
      where finished_at is null`.rows(db);
    if (!row) return null;
    return { after: row.websiteId === null ? null : (row as VisitorKey) };
  },
);

export const recordVisitorProgress = defineQuery(
  { name: "progress of the index of visitors", indexes: [], sample: () => [null] },
  (tx: Db, last: VisitorKey | null) =>
    sql`
      update search_visitors
      set ${last ? sql`website_id = ${last.websiteId}, visitor_id = ${last.visitorId}` : sql`finished_at = now(), website_id = null, visitor_id = null`}`.rows(
      tx,
    ),
);

export type VisitorText = VisitorKey & { text: string };

/** What visitors are found by. Their rows stay until the transaction ends. */
export const lockVisitors = defineQuery(
  {
    name: "visitors to index",
    indexes: ["visitors_pkey"],
    includesDeleted: { visitors: "they may be brought back" },
    sample: ({ websiteId, visitorId }) => [[{ websiteId, visitorId }]],
  },
  (tx: Db, keys: VisitorKey[]): Promise<VisitorText[]> =>
    sql<VisitorText>`
      select v.website_id as "websiteId", v.id as "visitorId",
        concat_ws(E'\\n', v.name, v.email, coalesce(v.external_id, v.deleted_external_id)) as text
      from visitors v
      where (v.website_id, v.id) in (
        select * from unnest(${keys.map(each => each.websiteId)}::integer[], ${keys.map(each => each.visitorId)}::uuid[]))
      order by v.website_id, v.id
      for key share`.rows(tx),
);

export const writeVisitorWords = defineQuery(
  {
    name: "words of visitors",
    indexes: ["visitor_search_pkey"],
    sample: ({ websiteId, visitorId }) => [[{ websiteId, visitorId, words: "'BDana':1" }]],
  },
  (tx: Db, words: (VisitorKey & { words: string })[]): Promise<unknown> =>
    sql`
      insert into visitor_search (website_id, visitor_id, words)
      select w.website_id, w.visitor_id, w.words::tsvector
      from unnest(
        ${words.map(each => each.websiteId)}::integer[],
        ${words.map(each => each.visitorId)}::uuid[],
        ${words.map(each => each.words)}::text[]
      ) as w (website_id, visitor_id, words)
      on conflict (website_id, visitor_id) do update set words = excluded.words`.rows(tx),
);

/** Since when messages may be in neither the queue nor the index, and the present: both of the database's clock. */
export const readCheck = defineQuery(
  { name: "until when the search index was checked", indexes: [], sample: () => [] },
  async (db: Db): Promise<{ checkedAt: Date; now: Date }> => {
    const [row] = await sql<{ checkedAt: Date; now: Date }>`
      select checked_at as "checkedAt", now() as now from search_check`.rows(db);
    return row!;
  },
);

export const recordCheck = defineQuery(
  { name: "the search index, checked until a moment", indexes: [], sample: () => [new Date(0)] },
  (db: Db, at: Date) => sql`update search_check set checked_at = greatest(checked_at, ${at})`.rows(db),
);

/**
 * Puts messages of recent conversations of a website into the queue: those that the index does not have, and those that were
 * changed or deleted. @returns how many
 */
export const queueMissed = defineQuery(
  {
    name: "messages that the search index missed",
    indexes: [
      ...["conversations_inbox", "conversations_changed", "conversations_pkey"],
      ...["messages_pkey", "messages_archive_pkey", "message_search_pkey"],
    ],
    includesDeleted: { messages: "the words of a deleted one are removed" },
    sample: ({ websiteId }) => [{ websiteId, since: new Date(Date.now() - 3_600_000) }],
  },
  async (db: Db, p: { websiteId: number; since: Date }): Promise<number> => {
    const ofWebsite = sql`select r.id from conversations r where r.website_id = ${p.websiteId} and ${live("r")}`;
    const [row] = await sql<{ count: number }>`
      with missed as (
        select m.conversation_id, m.seq
        from (
          ${ofWebsite} and r.status in ('open', 'resolved')
            and r.last_message_bucket >= ${bucketOf(sql`${p.since}::timestamptz`)}
          union
          ${ofWebsite} and r.changed_at > ${p.since}) k
        cross join lateral (
          select m.conversation_id, m.seq, m.changed_version, ${isSearched} and ${live("m")} as is_searched
          from ${allMessages} m
          where m.website_id = ${p.websiteId}
            and m.conversation_id = k.id
          offset 0) m
        where m.changed_version is not null
          or (m.is_searched and not exists (
            select
            from message_search s
            where s.website_id = ${p.websiteId}
              and s.conversation_id = m.conversation_id
              and s.seq = m.seq))
      ), queued as (
        insert into search_queue (website_ids, ids, seqs)
        select array_fill(${p.websiteId}::integer, array[count(*)::integer]), array_agg(conversation_id), array_agg(seq)
        from (select row_number() over () as at, conversation_id, seq from missed) numbered
        group by (at - 1) / 500
      )
      select count(*)::integer as count from missed`.rows(db);
    return row!.count;
  },
);

type Behind = {
  /** age of the oldest change that is not indexed, in seconds; null: none waits */
  oldestSeconds: number | null;
  /** months whose older messages are not all indexed */
  months: number;
  /** the month that is being indexed */
  month: string | null;
  messages: number;
};

export const getSearchState = defineQuery(
  {
    name: "how far the search index is",
    indexes: ["search_queue_pkey", "search_months_pkey", "message_months_pkey"],
    sample: () => [],
  },
  async (db: Db): Promise<Behind> => {
    const [row] = await sql<Behind>`
      select (select extract(epoch from now() - queued_at)::float from search_queue order by id limit 1) as "oldestSeconds",
        count(*)::integer as months, to_char(max(s.month), 'YYYY-MM') as month,
        coalesce((array_agg(s.messages order by s.month desc))[1], 0)::float as messages
      from search_months s
      join message_months m on m.month = s.month
      where s.finished_at is null
        and m.state in ('live', 'archived', 'exported')`.rows(db);
    return row!;
  },
);

const unnested = (keys: MessageKey[]) => sql`
  unnest(
    ${keys.map(each => each.websiteId)}::integer[],
    ${keys.map(each => each.conversationId)}::uuid[],
    ${keys.map(each => each.seq)}::integer[])`;

const searchTableOf = (conversationId: string) => partitionOf(conversationId).replace("messages", "message_search");
