import type pg from "pg";

/** Conversations without messages, to send to. Their ids are the prefix and a number from 1, with 12 digits. */
export type Targets = { websiteId: number; prefix: string; conversations: number };

/** One way of sending: each message in its own transaction, by `clients` at once, for `seconds`. */
export type Send = (
  url: string,
  p: { targets: Targets; clients: number; seconds: number; body: string },
) => Promise<Sent>;
export type Sent = { messages: number; messagesPerSecond: number; p99Ms: number };

/** Creates them in a migrated database, each with its own visitor. */
export async function makeTargets(client: pg.ClientBase, conversations: number): Promise<Targets> {
  const { rows } = await client.query<{ websiteId: number; prefix: string }>(
    `insert into websites (name, public_key, identity_secret, allowed_origins)
     values ('Floor', gen_random_uuid(), 'secret', '{}')
     returning id as "websiteId", left(uuid_floor(now())::text, 24) as prefix`,
  );
  const { websiteId, prefix } = rows[0]!;
  await client.query(
    `insert into visitors (website_id, id)
     select $1, ($2 || lpad(n::text, 12, '0'))::uuid from generate_series(1, $3::integer) as n`,
    [websiteId, prefix, conversations],
  );
  await client.query(
    `insert into conversations (website_id, id, visitor_id)
     select website_id, id, id from visitors where website_id = $1`,
    [websiteId],
  );
  await client.query("vacuum analyze visitors, conversations");
  return { websiteId, prefix, conversations };
}

export const idOf = ({ prefix }: Targets, n: number) => prefix + String(n).padStart(12, "0");
