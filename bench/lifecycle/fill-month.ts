import type pg from "pg";
import { tableOfMonth } from "#database/partitions/months.ts";

/** About a minute's work for a transaction. */
const maxCopied = 1_000_000;

/** Copies conversations of a month with their messages, under new ids, until the month has that many messages. */
export async function fillMonth(client: pg.ClientBase, month: string, messages: number): Promise<void> {
  const table = tableOfMonth(month);
  await client.query(`
    create temporary table originals as
    select website_id, conversation_id, count(*) as messages
    from ${table}
    group by website_id, conversation_id`);
  const [conversation, message] = [await columnsOf(client, "conversations"), await columnsOf(client, table)];
  for (let missing = messages - (await countOf(client, table)); missing > 0; missing -= maxCopied) {
    console.error(`${missing.toLocaleString("en-US")} messages to copy`);
    // The first 48 bits of an id are its time: a copy is of the same month.
    await client.query(`
      create temporary table copies as
      select website_id, conversation_id as old_id,
        overlay(conversation_id::text placing substr(gen_random_uuid()::text, 15) from 15)::uuid as new_id
      from (select *, sum(messages) over (order by random()) as total from originals) o
      where total <= ${Math.min(missing, maxCopied)}`);
    await client.query(`
      insert into conversations (id, ${conversation.join(", ")})
      select c.new_id, ${conversation.map(name => `o.${name}`).join(", ")}
      from copies c
      join conversations o on o.website_id = c.website_id and o.id = c.old_id`);
    const { rowCount } = await client.query(`
      insert into ${table} (conversation_id, ${message.join(", ")})
      select c.new_id, ${message.map(name => `o.${name}`).join(", ")}
      from copies c
      join ${table} o on o.website_id = c.website_id and o.conversation_id = c.old_id`);
    await client.query("drop table copies");
    if (!rowCount) break; // fewer are missing than the smallest conversation has
    missing += maxCopied - rowCount;
  }
  await client.query(`vacuum analyze ${table}`);
}

const columnsOf = async (client: pg.ClientBase, table: string): Promise<string[]> => {
  const { rows } = await client.query(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''
       and attname not in ('conversation_id', 'continues_id')
       and not (attrelid = 'conversations'::regclass and attname = 'id')`,
    [table],
  );
  return rows.map(({ name }) => name);
};

const countOf = async (client: pg.ClientBase, table: string): Promise<number> =>
  (await client.query(`select count(*)::float as count from ${table}`)).rows[0].count;
