import type pg from "pg";
import { idOf } from "#lab/actors/old-conversation.ts";

export const websiteId = 1;

export type Options = { messages: number; months: number; json?: true };

export type Person = { id: string; markers: string[] };

const dayMs = 86_400_000;

/** A website and two visitors, each with a conversation a month and a marker in each place where words are kept. */
export async function fill(client: pg.Client, { messages, months }: { messages: number; months: number }) {
  await client.query(
    "insert into websites (id, name, public_key, allowed_origins, identity_secret) overriding system value values ($1, 'Shop', 'bench', '{}', 'none')",
    [websiteId],
  );
  await client.query(
    "select make_message_partitions((date_trunc('month', now()) - make_interval(months => $1))::date, $1 + 3)",
    [months],
  );
  const people: Person[] = [];
  for (const name of ["Ada", "Ben"]) people.push(await addPerson(client, name, { messages, months }));
  return { ada: people[0]!, ben: people[1]! };
}

async function addPerson(client: pg.Client, name: string, { messages, months }: { messages: number; months: number }) {
  const id = idOf(new Date(Date.now() - months * 30 * dayMs));
  const marker = (place: string) => `${name}-of-${place}`;
  await client.query(
    `insert into visitors (website_id, id, name, email, attributes, page_url, page_title)
     values ($1, $2, $3, $4, jsonb_build_object('plan', $5::text), 'https://shop.example/', $6)`,
    [websiteId, id, marker("name"), `${marker("email")}@shop.example`, marker("attribute"), marker("title")],
  );
  const perConversation = Math.ceil(messages / months);
  for (let month = 0, left = messages; left > 0; month++, left -= perConversation) {
    const count = Math.min(perConversation, left);
    const at = new Date(Date.now() - Math.max(1, (months - 1 - month) * 30) * dayMs);
    const conversationId = idOf(at);
    await client.query(
      `insert into conversations (website_id, id, visitor_id, last_seq, last_public_seq, preview, created_at, last_message_at)
       values ($1, $2, $3, $4, $4, $5, $6, $6)`,
      [websiteId, conversationId, id, count, marker("preview"), at],
    );
    await client.query(
      `insert into messages (website_id, conversation_id, seq, author, kind, id, created_at, body)
       select $1, $2, n, 'visitor', (case when n % 10 = 0 then 'note' else 'text' end)::message_kind, gen_random_uuid(), $3,
         $4::text || ' ' || n || E' \\\\ "quoted" \n =cmd() 🚲'
       from generate_series(1, $5) n`,
      [websiteId, conversationId, at, marker("body"), count],
    );
  }
  return { id, markers: ["name", "email", "attribute", "title", "preview", "body"].map(marker) };
}
