import { createHash } from "node:crypto";
import type pg from "pg";

/** A statement that is prepared once a connection, under a name. */
export const prepared =
  (client: pg.ClientBase, name: string, text: string) =>
  async <Row extends pg.QueryResultRow>(...values: unknown[]): Promise<Row[]> =>
    (await client.query<Row>({ name, text, values })).rows;

/** The key that peers with random keys know one of ours by: as SQL, and here. */
export const randomKey = (column: string) => `md5(${column}::text)::uuid`;
export const randomKeyOf = (id: string) =>
  createHash("md5")
    .update(id)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Does work in a transaction, each statement awaiting the one before. */
export async function inTransaction(client: pg.ClientBase, work: () => Promise<unknown>): Promise<void> {
  await client.query("begin");
  await work();
  await client.query("commit");
}
