import type pg from "pg";

/**
 * A fast way that loses or misnumbers a message is none.
 * @throws Error naming a conversation whose messages are not 1 to its last number
 */
export async function expectNoGap(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(`
    select c.id
    from conversations c
    left join messages m on m.website_id = c.website_id and m.conversation_id = c.id
    group by c.website_id, c.id
    having (count(m.seq), coalesce(max(m.seq), 0)) is distinct from (c.last_seq::bigint, c.last_seq)
    limit 1`);
  if (rows.length > 0) throw new Error(`the numbers of the conversation ${rows[0].id} have a gap`);
}
