import type pg from "pg";
import type { Updates } from "./visits-report.ts";

/**
 * Reads how PostgreSQL updated the rows of conversations since the database was made, then builds their indexes again for
 * comparison. Both systems have a table of this name.
 */
export async function measureUpdates(client: pg.Client): Promise<Updates> {
  const { rows } = await client.query<{ updates: number; hotShare: number }>(
    `select n_tup_upd::integer as updates, n_tup_hot_upd / greatest(n_tup_upd, 1)::real as "hotShare"
     from pg_stat_user_tables
     where relname = 'conversations'`,
  );
  const indexBytes = await readIndexBytes(client);
  await client.query("reindex table conversations");
  return { ...rows[0]!, indexBytes, freshIndexBytes: await readIndexBytes(client) };
}

async function readIndexBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>("select pg_indexes_size('conversations')::integer as bytes");
  return rows[0]!.bytes;
}
