import { sql } from "#database/sql.ts";
import { type ConversationRow, conversationColumns, conversationJoins } from "./row.ts";

/** Conversations that a batch is about; one may stand there several times. */
export type BatchKey = { websiteId: number; conversationId: string };

/** In key order, so that two batches never wait for each other. A separate statement, so that the next one sees the newest rows. */
export const lockConversations = (keys: BatchKey[]) => sql`
  select
  from conversations
  where (website_id, id) in (select * from ${each(keys)})
  order by website_id, id
  for update`;

/** The conversations, each once, deleted ones too. */
export const readConversations = (keys: BatchKey[]) => sql<ConversationRow>`
  select ${conversationColumns}
  from ${each(keys)} as k (website_id, id)
  join conversations c on c.website_id = k.website_id and c.id = k.id
  ${conversationJoins}`;

function each(keys: BatchKey[]) {
  const once = [...new Map(keys.map(key => [keyOf(key), key])).values()];
  return sql`unnest(${once.map(key => key.websiteId)}::integer[], ${once.map(key => key.conversationId)}::uuid[])`;
}

export const keyOf = ({ websiteId, conversationId }: BatchKey): string => `${websiteId} ${conversationId}`;

/** Separates items that repeat a key from the first ones with it. */
export function splitRepeated<Item>(items: Item[], key: (item: Item) => string): { first: Item[]; again: Item[] } {
  const seen = new Set<string>();
  const first: Item[] = [];
  const again: Item[] = [];
  for (const item of items) {
    (seen.has(key(item)) ? again : first).push(item);
    seen.add(key(item));
  }
  return { first, again };
}
