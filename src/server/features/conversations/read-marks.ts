import { deleted, live, ofLiveConversation, visitorSees } from "#database/conditions.ts";
import { byTable } from "#database/partitions/writable.ts";
import { pipelined, planOnce } from "#database/pipeline.ts";
import { defineStatements } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import type { WebsiteDatabase } from "#database/website-databases.ts";
import { batchByDatabase } from "#server/declaration/batches.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type BatchKey, keyOf, lockConversations, readConversations } from "./batch.ts";
import { type ConversationRow, notFound } from "./row.ts";
import { publishConversation } from "./view.ts";

/** A side has read up to `seq`: the visitor, or if `visitorId` is null the website's agents. */
export type ReadMark = BatchKey & { seq: number; visitorId: string | null };

/**
 * Moves the read cursor of one side forward, never back, and publishes the conversation if it moved.
 * @throws AppError "not_found", also for a visitor whose conversation it is not; "overloaded" as createBatcher says
 */
export async function markRead(ctx: Ctx, database: WebsiteDatabase, mark: ReadMark): Promise<ConversationRow> {
  const row = await markBatched(ctx, database, mark);
  if (!row) throw notFound();
  return row;
}

const markBatched = batchByDatabase((ctx, { pipelines }, marks: ReadMark[]) =>
  byTable(marks, async (group, table) =>
    publishMoved(ctx, group, await pipelined(pipelines, markStatements(group, table))),
  ),
);

/** @returns the conversation of each mark, in order; null for one of a reader who may not read there */
function publishMoved(ctx: Ctx, marks: ReadMark[], results: unknown[][]): (ConversationRow | null)[] {
  const [accepted, rows] = results.slice(-2) as [AcceptedMark[], ConversationRow[]];
  const byKey = new Map(rows.map(row => [keyOf({ ...row, conversationId: row.id }), row]));
  const found: (ConversationRow | null)[] = marks.map(() => null);
  const moved = new Set<ConversationRow>();
  for (const { place, isNew } of accepted) {
    const row = byKey.get(keyOf(marks[place - 1]!))!;
    found[place - 1] = row;
    if (isNew) moved.add(row);
  }
  for (const row of moved) publishConversation(ctx, ctx.bus, row);
  return found;
}

/** A mark of a reader who may read the conversation; `place` from 1. */
type AcceptedMark = { place: number; isNew: boolean };

/** Of several marks of a side the last counts. Unread messages are counted only where the mark is not at the end. */
const writeMarks = (marks: ReadMark[], table: string) => sql<AcceptedMark>`
  with accepted as materialized (
    select d.place, d.website_id, d.conversation_id, d.visitor_id is null as by_agent,
      least(d.seq, c.last_seq) as seq,
      least(d.seq, c.last_seq) > case when d.visitor_id is null then c.agent_read_seq else c.visitor_read_seq end as is_new
    from unnest(
      ${marks.map(mark => mark.websiteId)}::integer[],
      ${marks.map(mark => mark.conversationId)}::uuid[],
      ${marks.map(mark => mark.seq)}::integer[],
      ${marks.map(mark => mark.visitorId)}::uuid[]
    ) with ordinality as d (website_id, conversation_id, seq, visitor_id, place)
    join conversations c on c.website_id = d.website_id and c.id = d.conversation_id
    where case
      -- Inside the case: as a condition of its own it would lead the planner to an index of undeleted conversations.
      when ${deleted("c")} then false
      else coalesce(d.visitor_id = c.visitor_id, true)
    end
  ), target as (
    select website_id, conversation_id,
      coalesce(max(seq) filter (where by_agent), 0) as by_agents,
      coalesce(max(seq) filter (where not by_agent), 0) as by_visitor
    from accepted
    where is_new
    group by website_id, conversation_id
  ), updated as (
    update conversations c
    set version = c.version + 1,
      agent_read_seq = greatest(c.agent_read_seq, t.by_agents),
      agent_unread = ${unreadAfter(table, "by_agents", "agent_unread", "visitor")},
      may_have_unread = c.may_have_unread or (t.by_agents > 0 and t.by_agents < c.last_public_seq),
      visitor_read_seq = greatest(c.visitor_read_seq, t.by_visitor),
      visitor_unread = ${unreadAfter(table, "by_visitor", "visitor_unread", "agent")}
    from target t
    where c.website_id = t.website_id and c.id = t.conversation_id
  )
  select place::integer, is_new as "isNew"
  from accepted`;

/** What a side has not read after its mark: the column as it is without a mark. */
function unreadAfter(
  table: string,
  mark: "by_agents" | "by_visitor",
  column: "agent_unread" | "visitor_unread",
  author: "agent" | "visitor",
) {
  const seq = raw(`t.${mark}`);
  return sql`case
    when ${seq} = 0 then ${raw(`c.${column}`)}
    when ${seq} >= c.last_public_seq then 0
    else (
      select count(*)::integer
      from ${raw(table)} m
      where m.website_id = t.website_id
        and m.conversation_id = t.conversation_id
        and m.seq > ${seq}
        and m.author = ${raw(`'${author}'`)}
        and ${visitorSees("m")}
        and ${live("m")})
  end`;
}

const sampleSize = 10;

/** For one transaction; the last two answer with AcceptedMark and ConversationRow. */
export const markStatements = defineStatements(
  {
    name: "a batch of read marks",
    indexes: ["conversations_pkey", "memberships_pkey", "messages_pkey", "visitors_pkey"],
    buffers: 400,
    includesDeleted: {
      ...ofLiveConversation,
      conversations: "they are locked and read before they are checked; marks are accepted for live ones",
    },
    sample: ({ websiteId, conversationId, visitorId, lastSeq }): [ReadMark[], string] => [
      Array.from({ length: sampleSize }, (_, i) => ({
        websiteId,
        conversationId,
        seq: lastSeq - i,
        visitorId: i % 2 ? visitorId : null,
      })),
      "messages",
    ],
  },
  (marks: ReadMark[], table: string) =>
    [planOnce, lockConversations(marks), writeMarks(marks, table), readConversations(marks)].map(each =>
      each.statement(),
    ),
);
