import type pg from "pg";
import type { Target } from "./peers/peer.ts";

/** Saves the product's conversations before messages are written to them. */
export async function saveConversations(client: pg.Client, targets: Target[]): Promise<void> {
  await client.query("drop table if exists kept");
  await client.query("create table kept as select * from conversations where id = any($1)", [
    targets.map(({ conversationId }) => conversationId),
  ]);
}

/** Restores them and removes the messages written since, so that the next peer is filled from the same rows. */
export async function restoreConversations(client: pg.Client): Promise<void> {
  await client.query(`
    delete from messages m
    using kept k
    where m.website_id = k.website_id and m.conversation_id = k.id and m.seq > k.last_seq`);
  await client.query("delete from conversations c using kept k where c.website_id = k.website_id and c.id = k.id");
  const { rows } = await client.query<{ columns: string }>(`
    select string_agg(quote_ident(attname), ', ') as columns
    from pg_attribute
    where attrelid = 'conversations'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`);
  const { columns } = rows[0]!;
  await client.query(`insert into conversations (${columns}) select ${columns} from kept`);
  await client.query("drop table kept");
  await client.query("vacuum analyze conversations, messages");
}
