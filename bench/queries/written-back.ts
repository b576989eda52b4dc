import type pg from "pg";
import type { Target } from "./schema.ts";

/** Keeps the product's conversations as they are before messages are written into them. */
export async function keepConversations(client: pg.Client, targets: Target[]): Promise<void> {
  await client.query("drop table if exists kept");
  await client.query("create table kept as select * from conversations where id = any($1)", [
    targets.map(({ conversationId }) => conversationId),
  ]);
}

/** Takes away what was written since, so that the next peer is filled from the same rows. */
export async function takeBack(client: pg.Client): Promise<void> {
  await client.query(`
    delete from messages m
    using kept k
    where m.website_id = k.website_id and m.conversation_id = k.id and m.seq > k.last_seq`);
  await client.query("delete from conversations c using kept k where c.website_id = k.website_id and c.id = k.id");
  await client.query("insert into conversations select * from kept");
  await client.query("drop table kept");
  await client.query("vacuum analyze conversations, messages");
}
