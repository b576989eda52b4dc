import type pg from "pg";
import { limits } from "#protocol/limits.ts";
import type { Question, Target } from "./peers/peer.ts";

export type Sample = {
  targets: Record<Question, Target[]>;
  /** conversations that still take messages */
  written: Target[];
  /** the correct unread counts of the largest website: of messages, as the guide counts, and of conversations, as we do */
  unreadOfWebsite: string[];
  openOfLargest: number;
};

const maxTargets = 300;
const writtenConversations = 2_000;
/** A conversation takes messages for 30 days; these do until the end of the run. */
const maxAgeDays = limits.conversationDays - 2;

/**
 * Chooses the conversations to read, by the hash of their ids: the same for the same rows.
 * @throws Error if there is no conversation for a question
 */
export async function takeSample(client: pg.Client): Promise<Sample> {
  const choose = (where: string, limit: number) => chooseConversations(client, where, limit);
  const { rows } = await client.query<{ websiteId: number; open: number; unread: number; messages: number }>(`
    select website_id as "websiteId", count(*)::integer as open,
      (count(*) filter (where agent_unread > 0))::integer as unread, sum(agent_unread)::integer as messages
    from conversations
    where status = 'open' and deleted_at is null
    group by website_id
    order by open desc
    limit 1`);
  const largest = rows[0];
  if (!largest) throw new Error("The database has no open conversation.");
  const ofLargest = (await choose(`website_id = ${largest.websiteId}`, 1)) as Target[];
  const targets: Record<Question, Target[]> = {
    "newest-50": await choose("last_seq >= 60", maxTargets),
    "newest-50-long": await choose("last_seq >= 1100", maxTargets),
    "newest-1000": await choose("last_seq >= 1100", maxTargets),
    middle: await chooseMiddles(client, await choose("last_seq >= 9000", 3)),
    "unread-conversation": await choose("status = 'open'", maxTargets),
    "unread-website": ofLargest,
    inbox: ofLargest,
  };
  for (const [question, chosen] of Object.entries(targets)) {
    if (chosen.length === 0) throw new Error(`No conversation fits the question "${question}".`);
  }
  return {
    targets,
    written: await choose(
      `status = 'open' and created_at > now() - interval '${maxAgeDays} days'`,
      writtenConversations,
    ),
    unreadOfWebsite: [`${largest.messages} messages`, conversationsLine(largest.unread)],
    openOfLargest: largest.open,
  };
}

export const conversationsLine = (unread: number) => `${Math.min(unread, limits.unreadCountMax)} conversations`;

async function chooseConversations(client: pg.Client, where: string, limit: number): Promise<Target[]> {
  const { rows } = await client.query<Target>(`
    select c.website_id as "websiteId", c.id as "conversationId", c.visitor_id as "visitorId", 0 as "beforeSeq",
      c.created_at as "beforeAt",
      (select user_id from memberships m where m.website_id = c.website_id order by user_id limit 1) as "agentId"
    from conversations c
    where c.deleted_at is null and ${where}
    order by md5(c.id::text)
    limit ${limit}`);
  return rows;
}

/** A hundred messages around the middle of each conversation. */
async function chooseMiddles(client: pg.Client, conversations: Target[]): Promise<Target[]> {
  const middles: Target[] = [];
  for (const target of conversations) {
    const { rows } = await client.query<{ seq: number; at: Date }>(
      `select seq, created_at as at
       from messages
       where website_id = $1 and conversation_id = $2 and seq between 4000 and 5990 and seq % 20 = 0
         and deleted_at is null
       order by seq`,
      [target.websiteId, target.conversationId],
    );
    middles.push(...rows.map(({ seq, at }) => ({ ...target, beforeSeq: seq, beforeAt: at })));
  }
  return middles;
}
