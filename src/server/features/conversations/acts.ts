import { uuidv7 } from "uuidv7";
import { active, deleted, ofLiveConversation } from "#database/conditions.ts";
import type { Query } from "#database/connect.ts";
import { withPartitions } from "#database/partitions/missing.ts";
import { partitionOf } from "#database/partitions/months.ts";
import { byTable } from "#database/partitions/writable.ts";
import { pipelined, planOnce } from "#database/pipeline.ts";
import { defineStatements } from "#database/query-plans/define-query.ts";
import type { Sample } from "#database/query-plans/sample.ts";
import { raw, sql } from "#database/sql.ts";
import type { WebsiteDatabase } from "#database/website-databases.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { EventDetails, Message } from "#protocol/messages.ts";
import { batchByDatabase } from "#server/declaration/batches.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type BatchKey, keyOf, lockConversations, readConversations, splitRepeated } from "./batch.ts";
import { type ConversationRow, notFound } from "./row.ts";
import { publishMessage, publishToVisitor } from "./view.ts";

/** What an agent does to a conversation; each leaves an event between its messages. */
type Act = BatchKey & { by: User; type: EventDetails["type"]; eventId: string } & Assignment;
type Assignment = {
  assigneeId: string | null;
  /** the assignee that the agent knows of; undefined: any */
  from?: string | null | undefined;
};

type Target = { database: WebsiteDatabase; by: User } & BatchKey;

/**
 * Assigns a conversation to an agent; null: to no agent.
 * @throws AppError "not_found", or "conflict" for a stranger, and if the assignee is not `from`
 */
export const assign = (ctx: Ctx, { assigneeId, from, ...p }: Target & Assignment): Promise<ConversationRow> =>
  act(ctx, p, "assigned", { assigneeId, from });

export const resolve = (ctx: Ctx, p: Target): Promise<ConversationRow> => act(ctx, p, "resolved");

export const reopen = (ctx: Ctx, p: Target): Promise<ConversationRow> => act(ctx, p, "reopened");

/** If it is done already, nothing changes: clicking twice is no error. */
async function act(
  ctx: Ctx,
  p: Target,
  type: Act["type"],
  assignment: Assignment = { assigneeId: null },
): Promise<ConversationRow> {
  const { websiteId, conversationId, by } = p;
  const result = await actBatched(ctx, p.database, {
    ...{ websiteId, conversationId, by, type, ...assignment },
    eventId: uuidv7(),
  });
  if (!result) throw notFound();
  if (result.outcome === "taken") throw taken(result.conversation);
  if (result.outcome === "stranger") {
    throw new AppError("conflict", "This person is not an agent of the website any more. Choose another agent.");
  }
  if (result.outcome === "done") publish(ctx, p, result);
  return result.conversation;
}

const taken = ({ assigneeId, assigneeName }: ConversationRow) =>
  new AppError(
    "conflict",
    assigneeId
      ? `${assigneeName} has this conversation now. Assign it again if it should be another agent's.`
      : "This conversation is not assigned any more. Assign it again if it should be.",
  );

function publish(ctx: Ctx, { by }: Target, { event, conversation }: ActResult): void {
  const message: Message = {
    id: event.id,
    conversationId: conversation.id,
    seq: event.seq,
    kind: "event",
    author: "agent",
    authorId: by.id,
    authorName: by.name,
    body: "",
    details: event.details,
    createdAt: event.createdAt.toISOString(),
    editedAt: null,
    deletedAt: null,
    changedVersion: null,
  };
  publishMessage(ctx, ctx.bus, message, conversation.lastPublicSeq, conversation);
  // Agents get the row with the message. A visitor sees neither the message nor the assignee.
  if (event.details.type !== "assigned") publishToVisitor(ctx.bus, conversation);
}

type ActResult = { outcome: ActRow["outcome"]; event: ActRow; conversation: ConversationRow };

const actBatched = batchByDatabase<Act, ActResult | null>((_ctx, database, acts) => runBatch(database, acts));

/** One act a conversation and transaction: a second one depends on what the first left. */
async function runBatch({ pipelines, ...database }: WebsiteDatabase, acts: Act[]): Promise<(ActResult | null)[]> {
  const { first, again } = splitRepeated(acts, keyOf);
  const query: Query = async statement => (await pipelines.query(statement)).rows;
  const results = await byTable(first, async (group, table) =>
    readActed(group, await withPartitions(query, () => pipelined(pipelines, actStatements(group, table)))),
  );
  const byAct = new Map(results.map((result, i) => [first[i]!, result]));
  if (again.length > 0) {
    const later = await runBatch({ pipelines, ...database }, again);
    for (const [i, result] of later.entries()) byAct.set(again[i]!, result);
  }
  return acts.map(act => byAct.get(act) ?? null);
}

/** One result per act, in order; null for a conversation that is not there. */
function readActed(acts: Act[], results: unknown[][]): (ActResult | null)[] {
  const [done, conversations] = results.slice(-2) as [ActRow[], ConversationRow[]];
  const byKey = new Map(conversations.map(row => [keyOf({ ...row, conversationId: row.id }), row]));
  const acted: (ActResult | null)[] = acts.map(() => null);
  for (const event of done) {
    const conversation = byKey.get(keyOf(acts[event.place - 1]!))!;
    acted[event.place - 1] = { outcome: event.outcome, event, conversation };
  }
  return acted;
}

/** `place` of the act from 1; the event's fields mean something when it is done. */
type ActRow = {
  place: number;
  outcome: "done" | "unchanged" | "taken" | "stranger";
  id: string;
  seq: number;
  details: EventDetails;
  createdAt: Date;
};

/** Assignees, so that they cannot be removed meanwhile. Before the conversations, as a removal locks them too. */
const lockMembers = (acts: Act[]) => sql`
  select
  from memberships s
  where (s.website_id, s.user_id) in (
    select * from unnest(${acts.map(act => act.websiteId)}::integer[], ${acts.map(act => act.assigneeId)}::uuid[]))
    and ${active("s")}
  order by s.website_id, s.user_id
  for key share`;

const writeActs = (acts: Act[], table: string) => sql<ActRow>`
  with asked as materialized (
    select d.*, c.last_seq + 1 as seq,
      case
        when d.type = 'assigned'
          then jsonb_build_object('type', d.type, 'to',
            case when s.user_id is not null then jsonb_build_object('id', s.user_id, 'name', s.name) end)
        else jsonb_build_object('type', d.type)
      end as details,
      case
        when d.type = 'resolved' and c.status = 'resolved'
          or d.type = 'reopened' and c.status = 'open'
          or d.type = 'assigned' and c.assignee_id is not distinct from d.assignee_id then 'unchanged'
        when d.assignee_id is not null and s.user_id is null then 'stranger'
        when d.has_from and c.assignee_id is distinct from d.from_id then 'taken'
        else 'done'
      end as outcome
    from unnest(
      ${acts.map(act => act.websiteId)}::integer[],
      ${acts.map(act => act.conversationId)}::uuid[],
      ${acts.map(act => act.type)}::text[],
      ${acts.map(act => act.assigneeId)}::uuid[],
      ${acts.map(act => act.from !== undefined)}::boolean[],
      ${acts.map(act => act.from ?? null)}::uuid[],
      ${acts.map(act => act.eventId)}::uuid[],
      ${acts.map(act => act.by.id)}::uuid[]
    ) with ordinality as d (website_id, conversation_id, type, assignee_id, has_from, from_id, event_id, author_id, place)
    join conversations c on c.website_id = d.website_id and c.id = d.conversation_id
    left join memberships s on s.website_id = d.website_id and s.user_id = d.assignee_id and ${active("s")}
    -- A case: the plain condition would lead the planner to an index of undeleted conversations.
    where case when ${deleted("c")} then false else true end
  ), stored as (
    insert into ${raw(table)} (website_id, conversation_id, seq, id, kind, body, author, author_id, details)
    select website_id, conversation_id, seq, event_id, 'event', '', 'agent', author_id, details
    from asked
    where outcome = 'done'
  ), updated as (
    update conversations c
    set version = c.version + 1,
      last_seq = a.seq,
      last_message_at = now(),
      status = case
        when a.type = 'resolved' then 'resolved'::conversation_status
        when a.type = 'reopened' then 'open'::conversation_status
        else c.status
      end,
      waiting_since = case when a.type = 'resolved' then null else c.waiting_since end,
      assignee_id = case when a.type = 'assigned' then a.assignee_id else c.assignee_id end
    from asked a
    where a.outcome = 'done' and c.website_id = a.website_id and c.id = a.conversation_id
  )
  select place::integer, outcome, event_id as id, seq, details, now() as "createdAt"
  from asked`;

const sampleSize = 5;

/** For one transaction, in which a conversation stands once; the last two answer with ActRow and ConversationRow. */
export const actStatements = defineStatements(
  {
    name: "a batch of acts on conversations",
    indexes: ["conversations_pkey", "memberships_pkey", "memberships_of_user", "messages_pkey", "visitors_pkey"],
    buffers: 400,
    includesDeleted: {
      ...ofLiveConversation,
      conversations: "they are locked and read before they are checked; acts are done on live ones",
    },
    cases: (["resolved", "assigned"] as const).map(type => ({
      name: type,
      sample: ({ websiteId, conversationId, agentId }: Sample): [Act[], string] => [
        Array.from({ length: sampleSize }, (_, i) => ({
          websiteId,
          conversationId: i === 0 ? conversationId : uuidv7(),
          by: { id: agentId, name: "", email: "" },
          type,
          assigneeId: type === "assigned" ? agentId : null,
          eventId: uuidv7(),
        })),
        type === "assigned" ? partitionOf(conversationId) : "messages",
      ],
    })),
  },
  (acts: Act[], table: string) =>
    [planOnce, lockMembers(acts), lockConversations(acts), writeActs(acts, table), readConversations(acts)].map(each =>
      each.statement(),
    ),
);
