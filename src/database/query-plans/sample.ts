import type pg from "pg";
import { uuidv7 } from "uuidv7";
import { homeSchema } from "#database/home-schema.ts";

/** Ids in a live database to run the product's queries with: of a large website and a long conversation. */
export type Sample = {
  websiteId: number;
  conversationId: string;
  visitorId: string;
  externalId: string;
  agentId: string;
  /** of a tag that is on a conversation, if there is one */
  tagId: string;
  /** number and time of the conversation's last message */
  lastSeq: number;
  lastMessageAt: Date;
};

/** Finds where queries have most work: the website with the most conversations, and the longest of its latest ones. */
export async function findSample(client: pg.ClientBase): Promise<Sample> {
  const websiteId = await findLargestWebsite(client);
  const { rows: conversations } = await client.query<Omit<Sample, "websiteId" | "externalId" | "tagId">>(
    `with latest as (
       (${latestOf("open")}) union all (${latestOf("resolved")})
     )
     select id as "conversationId", visitor_id as "visitorId", last_seq as "lastSeq",
       last_message_at as "lastMessageAt",
       coalesce(assignee_id, (select user_id from memberships where website_id = $1 limit 1)) as "agentId"
     from latest
     order by last_seq desc, assignee_id
     limit 1`,
    [websiteId],
  );
  const { rows: visitors } = await client.query<{ externalId: string }>(
    `select external_id as "externalId"
     from visitors
     where website_id = $1 and external_id is not null
     limit 1`,
    [websiteId],
  );
  const { rows: tags } = await client.query<{ tagId: string }>(
    'select tag_id as "tagId" from conversation_tags where website_id = $1 limit 1',
    [websiteId],
  );
  // Without conversations the queries find nothing, but use the same indexes. This month's id has a partition.
  const noId = uuidv7();
  const none = {
    conversationId: noId,
    visitorId: noId,
    tagId: noId,
    externalId: "none",
    lastSeq: 0,
    lastMessageAt: new Date(0),
  };
  return {
    ...none,
    websiteId,
    ...conversations[0],
    agentId: conversations[0]?.agentId ?? noId,
    ...visitors[0],
    ...tags[0],
  };
}

const latestOf = (status: string) => `
  select *
  from conversations
  where website_id = $1 and status = '${status}' and deleted_at is null
  order by last_message_bucket desc, last_message_at desc
  limit 1000`;

/** From the planner's statistics, without a count. Before the first analyze: any website that has a conversation. */
async function findLargestWebsite(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`
    select coalesce(
      (select (most_common_vals::text::integer[])[1]
       from pg_stats
       where schemaname = (select nspname from pg_namespace where oid = ${homeSchema}) and tablename = 'conversations' and attname = 'website_id'),
      (select website_id from conversations limit 1),
      0) as id`);
  return rows[0]!.id;
}
