import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";
import { nameOf } from "./statements/prepared-name.ts";

/**
 * A pool for Kysely whose statements are prepared, each under a name made from its text. PostgreSQL parses and plans it
 * once per connection instead of each time. That is most of the time of a short statement, and grows with the number of
 * partitions (docs/decisions/0008). The texts must be few: values belong into parameters.
 */
export const preparing = (pool: pg.Pool): PostgresPool => ({
  options: pool.options,
  connect: async () => preparingClient(await pool.connect()),
  end: () => pool.end(),
});

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]) =>
    values.length === 0 // begin, commit and the like
      ? client.query(text)
      : client.query({ name: nameOf(text), text, values: [...values] });
  // Kysely's type also has cursors, which the product does not use.
  return { query: query as unknown as PostgresPoolClient["query"], release: destroy => client.release(destroy) };
}
