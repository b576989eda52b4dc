import type pg from "pg";

/** A UUIDv7 of a moment, made in SQL. */
const idOf = (moment: string) => `(
  left(replace(uuid_floor(${moment})::text, '-', ''), 12) || '7' || left(md5(random()::text), 3)
  || '8' || left(md5(random()::text), 15))::uuid`;

/**
 * Fills a migrated database with websites that share the conversations equally, spread over the last 25 days. Every
 * second one is open; of these an agent has a quarter, nobody a twentieth, a colleague the rest, and a tenth is unread.
 * @returns that agent, who belongs to every website
 */
export async function populate(
  client: pg.ClientBase,
  { websites, conversations, messagesEach }: { websites: number; conversations: number; messagesEach: number },
): Promise<{ agentId: string }> {
  await client.query("select make_message_partitions((now() - interval '26 days')::date, 1)");
  const { rows } = await client.query(`
    insert into users (id, name, email)
    select gen_random_uuid(), 'Agent ' || i, i || '@team.example' from generate_series(1, 1000) as i
    returning id`);
  const [agentId, colleagueId] = rows.map(row => row.id) as [string, string];
  await client.query(
    `insert into websites (name, public_key, identity_secret, allowed_origins)
     select 'Website ' || i, 'key-' || i, 'secret', '{https://shop.example}' from generate_series(1, $1) as i`,
    [websites],
  );
  await client.query(
    `insert into memberships (website_id, user_id, role)
     select w.id, u.id, 'owner' from websites w, unnest($1::uuid[]) as u (id)`,
    [[agentId, colleagueId]],
  );
  await client.query(
    `create temp table made as
     select (i % $1) + 1 as website_id, i / $1 as nth, gen_random_uuid() as visitor_id, ${idOf("begun")} as id, begun, i
     from generate_series(1, $2) as i, lateral (select now() - random() * interval '25 days' - i * interval '0' as begun) as at`,
    [websites, conversations],
  );
  await client.query(
    "insert into visitors (website_id, id, name) select website_id, visitor_id, 'Visitor ' || i from made",
  );
  await client.query(
    `insert into conversations (website_id, id, visitor_id, status, assignee_id, last_seq, last_public_seq, preview,
       last_message_at, agent_unread, created_at)
     select website_id, id, visitor_id, case nth % 2 when 0 then 'open'::conversation_status else 'resolved' end,
       case when nth % 40 = 0 then null when nth % 8 = 2 then $1::uuid else $2::uuid end, $3, $3, 'The last words',
       begun + interval '1 hour', case nth % 20 when 0 then 1 else 0 end, begun
     from made`,
    [agentId, colleagueId, messagesEach],
  );
  await client.query(
    `insert into messages (website_id, conversation_id, seq, author, kind, id, body, created_at)
     select website_id, id, seq, (case when seq % 2 = 1 then 'visitor' else 'agent' end)::author_kind, 'text',
       gen_random_uuid(), 'Message ' || seq || ' of a conversation about an order', begun + seq * interval '1 minute'
     from made, generate_series(1, $1) as seq
     order by id, seq`,
    [messagesEach],
  );
  await client.query("drop table made");
  await client.query("vacuum analyze");
  return { agentId };
}
