import type pg from "pg";
import { uuidv7 } from "uuidv7";
import { monthOf, partitionOf } from "#database/partitions/months.ts";

const dayMs = 86_400_000;

/**
 * Makes a conversation older, as if it and its messages had been written that many days earlier.
 * @returns its new id, which begins with its new time
 */
export async function makeOlder(sql: pg.Pool, conversationId: string, days: number): Promise<string> {
  const id = idOf(new Date(Date.now() - days * dayMs));
  const table = partitionOf(id);
  await sql.query("select make_message_partitions($1::date, 0) where to_regclass($2) is null", [
    `${monthOf(id)}-01`,
    table,
  ]);
  const earlier = `make_interval(days => ${days})`;
  await sql.query(
    `with moved as (delete from ${partitionOf(conversationId)} where conversation_id = $1 returning *)
     insert into ${table} (website_id, conversation_id, seq, author, kind, id, author_id, created_at, edited_at, deleted_at,
       body, details, changed_version)
     select website_id, $2, seq, author, kind, id, author_id, created_at - ${earlier}, edited_at, deleted_at, body, details,
       changed_version
     from moved`,
    [conversationId, id],
  );
  await sql.query(
    `update conversations
     set id = $2, continues_id = null, created_at = created_at - ${earlier}, last_message_at = last_message_at - ${earlier}
     where id = $1`,
    [conversationId, id],
  );
  await sql.query(
    `insert into search_queue (website_ids, ids, seqs)
     select array_agg(m.website_id), array_agg(either.id), array_agg(m.seq)
     from ${table} m, unnest(array[$1, $2]::uuid[]) as either (id)
     where m.conversation_id = $2
     having count(*) > 0`,
    [conversationId, id],
  );
  return id;
}

/** A UUIDv7 of a moment. */
export function idOf(moment: Date): string {
  const began = moment.getTime().toString(16).padStart(12, "0");
  return `${began.slice(0, 8)}-${began.slice(8)}${uuidv7().slice(13)}`;
}
