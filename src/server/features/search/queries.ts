import { live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { queryOf, vectorOf } from "#database/search/lexemes.ts";
import { none, raw, type Sql, sql } from "#database/sql.ts";

/*
 * Two ways to the newest messages with some words. From the newest back: right for words that many messages have, and it can
 * stop at any place. By the index of words: right for those that few have; PostgreSQL finds all of them before the first.
 * Each way reads a bounded number of rows; search.ts chooses.
 */

/** The place of a message in the order of results; `at` in microseconds. */
export type Place = { at: number; conversationId: string; seq: number };

/** What conversations must be like. */
export type Filters = {
  status: "open" | "resolved" | null;
  /** one of these agents; nobody: those without one */
  assigneeIds: string[] | "nobody" | null;
  tagIds: string[];
  visitorIds: string[] | null;
};

type InMonth = {
  websiteId: number;
  /** of the messages */
  table: string;
  /** as PostgreSQL's tsquery; null: any */
  words: string | null;
  filters: Filters;
  /** only messages behind this place; null: from the newest on */
  before: Place | null;
  /** only messages of this time and later */
  from: Date | null;
  until: Date | null;
  limit: number;
};

/** The newest messages of a month, and where it stopped. */
export type Walked = {
  hits: Place[];
  rows: number;
  last: Place | null;
};

const atOf = (alias: string) => raw(`(extract(epoch from ${alias}.created_at) * 1000000)::bigint::float`);
const newestFirst = (alias: string) =>
  raw(`order by ${alias}.created_at desc, ${alias}.conversation_id desc, ${alias}.seq desc`);
const searchTable = (table: string) => raw(table.replace("messages", "message_search"));
const momentOf = (at: number) => sql`timestamptz 'epoch' + ${at}::float * interval '1 microsecond'`;

const behind = (alias: string, place: Place | null): Sql =>
  place
    ? sql`and ${raw(alias)}.created_at <= ${momentOf(place.at)}
      and (${raw(alias)}.created_at, ${raw(alias)}.conversation_id, ${raw(alias)}.seq)
        < (${momentOf(place.at)}, ${place.conversationId}::uuid, ${place.seq}::integer)`
    : none;
const within = (alias: string, { from, until }: Pick<InMonth, "from" | "until">): Sql =>
  sql`${from ? sql`and ${raw(alias)}.created_at >= ${from}` : none} ${until ? sql`and ${raw(alias)}.created_at < ${until}` : none}`;

/** Looks the conversation of a found message up. What is restricted is kept and not used. */
const ofConversation = (websiteId: number, filters: Filters) => sql`
  cross join lateral (
    select c.id
    from conversations c
    where c.website_id = ${websiteId}
      and c.id = h.conversation_id
      and ${live("c")}
      and not c.is_restricted
      ${matching(filters)}
    limit 1) c`;

const matching = ({ status, assigneeIds, tagIds, visitorIds }: Filters): Sql => sql`
  ${status ? sql`and c.status = ${status}::conversation_status` : none}
  ${assigneeIds === null ? none : assigneeIds === "nobody" ? raw("and c.assignee_id is null") : sql`and c.assignee_id = any(${assigneeIds}::uuid[])`}
  ${tagIds.length > 0 ? sql`and c.tag_ids @> ${tagIds}::uuid[]` : none}
  ${visitorIds ? sql`and c.visitor_id = any(${visitorIds}::uuid[])` : none}`;

const noFilters: Filters = { status: null, assigneeIds: null, tagIds: [], visitorIds: null };
const wordOf = ({ websiteId }: Sample, word = "order") => vectorOf(websiteId, word, null).replace(/:.*/, "");
const sampleOf = (at: Sample): InMonth => ({
  ...{ websiteId: at.websiteId, table: partitionOf(at.conversationId), words: wordOf(at), filters: noFilters },
  ...{ before: null, from: null, until: null, limit: 21 },
});
/** a row of words, and the conversation of those that are found */
const buffersOfWalk = (rows: number) => 50 + rows * 6;
const sampleRows = 500;

/**
 * Words as a value that the planner does not know, in a search by the index of words. Of each it knows, it guesses how many texts
 * have it: 2% for the beginning of a word, a third of all for the agents of one name. Then it would rather read a whole month.
 * Of what it does not know it expects half a percent, whatever is asked: docs/decisions/0056-search.md.
 */
const unknownToPlanner = (words: string) => sql`(select ${words}::tsquery)`;

/** Messages with a word that are sorted at once. A word that more have is looked for from the newest on. */
const maxMatches = 10_000;
/** Written into the statement: of a limit in a parameter the planner expects a tenth of the rows. */
const limitOfMatches = raw(`limit ${maxMatches + 1}`);

/** Reads the newest `rows` messages of a month, and finds those with the words. */
export const walkMonth = defineQuery(
  {
    name: "search from the newest message on",
    indexes: ["message_search_by_time", "conversations_pkey"],
    buffers: buffersOfWalk(sampleRows),
    cases: [
      { name: "the first page", sample: at => [{ ...sampleOf(at), rows: sampleRows }] },
      {
        name: "a later page",
        sample: at => {
          const before = { at: at.lastMessageAt.getTime() * 1000, conversationId: at.conversationId, seq: at.lastSeq };
          return [{ ...sampleOf(at), before, rows: sampleRows }];
        },
      },
      { name: "without words", sample: at => [{ ...sampleOf(at), words: null, rows: sampleRows }] },
    ],
  },
  async (db: Db, p: InMonth & { rows: number }): Promise<Walked> => {
    const rows = await sql<Partial<Place> & { rows: number; lastAt: number; lastId: string; lastSeq: number }>`
      with walked as materialized (
        select s.conversation_id, s.seq, s.created_at, s.words
        from ${searchTable(p.table)} s
        where s.website_id = ${p.websiteId}
          ${behind("s", p.before)}
          ${within("s", p)}
        ${newestFirst("s")}
        limit ${p.rows}
      ), last as (
        select count(*) over () as rows, w.created_at, w.conversation_id, w.seq
        from walked w
        order by w.created_at, w.conversation_id, w.seq
        limit 1
      )
      select l.rows::integer as rows, ${atOf("l")} as "lastAt", l.conversation_id as "lastId", l.seq as "lastSeq",
        f.at, f.conversation_id as "conversationId", f.seq
      from last l
      left join lateral (
        select ${atOf("h")} as at, h.conversation_id, h.seq
        from (
          select w.conversation_id, w.seq, w.created_at
          from walked w
          where ${p.words === null ? raw("true") : sql`w.words @@ ${p.words}::tsquery`}
          ${newestFirst("w")}
        ) h
        ${ofConversation(p.websiteId, p.filters)}
        limit ${p.limit}) f on true`.rows(db);
    const [first] = rows;
    if (!first) return { hits: [], rows: 0, last: null };
    const hits = rows.filter((row): row is Place & typeof row => row.seq !== null);
    return {
      hits: hits.map(({ at, conversationId, seq }) => ({ at, conversationId, seq })),
      rows: first.rows,
      last: { at: first.lastAt, conversationId: first.lastId, seq: first.lastSeq },
    };
  },
);

/**
 * The newest messages of a month with the words, by the index of words. Its plan does not depend on how many have them.
 * @returns null if more than `maxMatches` have them
 */
export const findInMonth = defineQuery(
  {
    name: "search by words",
    indexes: ["message_search_words", "conversations_pkey"],
    cases: [
      { name: "a word", sample: at => [{ ...sampleOf(at), words: wordOf(at) }] },
      { name: "the beginning of a word", sample: at => [{ ...sampleOf(at), words: `${wordOf(at)}:*` }] },
      {
        name: "agents of one name",
        sample: at => [{ ...sampleOf(at), words: queryOf(at.websiteId, [], Array(50).fill(at.agentId))! }],
      },
    ],
  },
  async (db: Db, p: InMonth & { words: string }): Promise<Place[] | null> => {
    const rows = await sql<Partial<Place> & { matches: number }>`
      with matching as materialized (
        select s.website_id, s.conversation_id, s.seq, s.created_at
        from ${searchTable(p.table)} s
        where s.words @@ ${unknownToPlanner(p.words)}
        ${limitOfMatches}
      )
      select n.matches::integer as matches, f.at, f.conversation_id as "conversationId", f.seq
      from (select count(*) as matches from matching) n
      left join lateral (
        select ${atOf("h")} as at, h.conversation_id, h.seq
        from (
          select m.conversation_id, m.seq, m.created_at
          from matching m
          where m.website_id = ${p.websiteId}
            and n.matches <= ${maxMatches}
            ${behind("m", p.before)}
            ${within("m", p)}
          ${newestFirst("m")}
        ) h
        ${ofConversation(p.websiteId, p.filters)}
        limit ${p.limit}) f on true`.rows(db);
    return rows[0]!.matches > maxMatches ? null : placesOf(rows);
  },
);

const placesOf = (rows: Partial<Place>[]): Place[] =>
  rows
    .filter((row): row is Place => row.seq !== null)
    .map(({ at, conversationId, seq }) => ({ at, conversationId, seq }));

/** The newest messages of some conversations of a month with the words. */
export const findInConversations = defineQuery(
  {
    name: "search in some conversations",
    indexes: ["message_search_pkey", "conversations_pkey"],
    buffers: 2_000,
    sample: at => [{ ...sampleOf(at), conversationIds: [at.conversationId] }],
  },
  async (db: Db, p: InMonth & { conversationIds: string[] }): Promise<Place[]> =>
    placesOf(
      await sql<Place>`
        select ${atOf("h")} as at, h.conversation_id as "conversationId", h.seq
        from (
          select s.conversation_id, s.seq, s.created_at
          from (
            select s.conversation_id, s.seq, s.created_at, s.words
            from ${searchTable(p.table)} s
            where s.website_id = ${p.websiteId}
              and s.conversation_id = any(${p.conversationIds}::uuid[])
            offset 0
          ) s
          where ${p.words === null ? raw("true") : sql`s.words @@ ${p.words}::tsquery`}
            ${behind("s", p.before)}
            ${within("s", p)}
          ${newestFirst("s")}
        ) h
        ${ofConversation(p.websiteId, p.filters)}
        limit ${p.limit}`.rows(db),
    ),
);

/** The ids of the conversations that a filter leaves; null if they are more than `limit`, or nothing makes them few. */
export const listFiltered = defineQuery(
  {
    name: "conversations that a search is limited to",
    indexes: ["conversations_pkey"],
    buffers: 4_000,
    cases: [
      {
        name: "of people",
        indexes: ["conversations_by_visitor"],
        sample: ({ websiteId, visitorId }) => [
          { websiteId, filters: { ...noFilters, visitorIds: [visitorId] }, limit: 300 },
        ],
      },
      {
        name: "of a tag",
        indexes: ["conversation_tags_by_tag"],
        sample: ({ websiteId, tagId }) => [{ websiteId, filters: { ...noFilters, tagIds: [tagId] }, limit: 300 }],
      },
      {
        name: "of an assignee",
        indexes: ["conversations_inbox_assigned"],
        sample: ({ websiteId, agentId }) => [
          { websiteId, filters: { ...noFilters, assigneeIds: [agentId] }, limit: 300 },
        ],
      },
    ],
    includesDeleted: { conversations: "the search leaves them out itself" },
  },
  async (
    db: Db,
    { websiteId, filters, limit }: { websiteId: number; filters: Filters; limit: number },
  ): Promise<string[] | null> => {
    const { visitorIds, assigneeIds, tagIds } = filters;
    const of = visitorIds
      ? sql`select id from conversations where website_id = ${websiteId} and visitor_id = any(${visitorIds}::uuid[])`
      : tagIds[0]
        ? sql`select conversation_id as id from conversation_tags where website_id = ${websiteId} and tag_id = ${tagIds[0]}`
        : assigneeIds !== null && assigneeIds !== "nobody"
          ? sql`select id from conversations where website_id = ${websiteId} and assignee_id = any(${assigneeIds}::uuid[])`
          : null;
    if (!of) return null;
    const rows = await sql<{ id: string }>`${of} limit ${limit + 1}`.rows(db);
    return rows.length > limit ? null : rows.map(({ id }) => id);
  },
);

export type FoundMessage = {
  conversationId: string;
  seq: number;
  messageId: string;
  createdAt: Date;
  kind: "text" | "note" | "file";
  author: "visitor" | "agent" | "system";
  authorName: string | null;
  body: string;
  visitorId: string;
  visitorName: string | null;
  visitorEmail: string | null;
  status: "open" | "resolved";
  assigneeName: string | null;
  tagIds: string[];
};

/** Found messages of one month, as they are now. */
export const readFound = defineQuery(
  {
    name: "messages that were found",
    indexes: ["messages_pkey", "conversations_pkey", "visitors_pkey", "memberships_pkey"],
    buffers: 60,
    includesDeleted: ofLiveConversation,
    sample: ({ websiteId, conversationId, lastSeq }) => [
      { websiteId, places: [{ at: 0, conversationId, seq: lastSeq }] },
    ],
  },
  (db: Db, { websiteId, places }: { websiteId: number; places: Place[] }): Promise<FoundMessage[]> =>
    sql<FoundMessage>`
      select m.conversation_id as "conversationId", m.seq, m.id as "messageId", m.created_at as "createdAt", m.kind, m.author,
        w.name as "authorName", m.body, v.id as "visitorId", v.name as "visitorName", v.email as "visitorEmail", c.status,
        a.name as "assigneeName", c.tag_ids as "tagIds"
      from unnest(
        ${places.map(place => place.conversationId)}::uuid[], ${places.map(place => place.seq)}::integer[]
      ) as k (conversation_id, seq)
      cross join lateral (
        select *
        from ${raw(partitionOf(places[0]!.conversationId))} m
        where m.website_id = ${websiteId}
          and m.conversation_id = k.conversation_id
          and m.seq = k.seq
          and ${live("m")}
        limit 1) m
      join conversations c on c.website_id = ${websiteId} and c.id = m.conversation_id and ${live("c")}
      join visitors v on v.website_id = ${websiteId} and v.id = c.visitor_id
      left join memberships a on a.website_id = ${websiteId} and a.user_id = c.assignee_id
      left join memberships w on w.website_id = ${websiteId} and w.user_id = m.author_id`.rows(db),
);

export type FoundVisitor = {
  visitorId: string;
  name: string | null;
  email: string | null;
  externalId: string | null;
};

/** Visitors whose name, e-mail address or id in the website's own system has the words; those seen last come first. */
export const listVisitors = defineQuery(
  {
    name: "visitors with some words",
    indexes: ["visitor_search_words", "visitors_pkey"],
    sample: at => [{ websiteId: at.websiteId, words: `${wordOf(at, "ana")}:*`, limit: 5 }],
  },
  (db: Db, { websiteId, words, limit }: { websiteId: number; words: string; limit: number }): Promise<FoundVisitor[]> =>
    sql<FoundVisitor>`
      select v.id as "visitorId", v.name, v.email, v.external_id as "externalId"
      from (select s.website_id, s.visitor_id from visitor_search s where s.words @@ ${unknownToPlanner(words)} limit 1000) s
      cross join lateral (
        select *
        from visitors v
        where v.website_id = ${websiteId}
          and v.id = s.visitor_id
          and ${live("v")}
          and v.restricted_at is null
        limit 1) v
      where s.website_id = ${websiteId}
      order by v.last_seen_at desc, v.id
      limit ${limit}`.rows(db),
);

/** The newest conversation of each visitor that has one. */
export const listNewestConversations = defineQuery(
  {
    name: "the newest conversations of some visitors",
    indexes: ["conversations_by_visitor"],
    buffers: 60,
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorIds: [visitorId] }],
  },
  (
    db: Db,
    { websiteId, visitorIds }: { websiteId: number; visitorIds: string[] },
  ): Promise<{ visitorId: string; conversationId: string; lastMessageAt: Date }[]> =>
    sql<{ visitorId: string; conversationId: string; lastMessageAt: Date }>`
      select k.id as "visitorId", c.id as "conversationId", c.last_message_at as "lastMessageAt"
      from unnest(${visitorIds}::uuid[]) as k (id)
      cross join lateral (
        select c.id, c.last_message_at
        from conversations c
        where c.website_id = ${websiteId}
          and c.visitor_id = k.id
          and ${live("c")}
        order by c.id desc
        limit 1) c`.rows(db),
);

/** Those who are, or were, agents of the website. */
export const listPeople = defineQuery(
  {
    name: "agents that a search may name",
    indexes: ["memberships_pkey"],
    sample: ({ websiteId }) => [websiteId],
    includesDeleted: { memberships: "a former agent's messages are found too" },
  },
  (db: Db, websiteId: number): Promise<{ id: string; name: string }[]> =>
    sql<{ id: string; name: string }>`
      select m.user_id as id, m.name from memberships m where m.website_id = ${websiteId} order by m.user_id`.rows(db),
);
