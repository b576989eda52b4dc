import { createHash } from "node:crypto";
import type pg from "pg";

/** A named statement, prepared once a connection. */
export const prepared =
  (client: pg.ClientBase, name: string, text: string) =>
  async <Row extends pg.QueryResultRow>(...values: unknown[]): Promise<Row[]> =>
    (await client.query<Row>({ name, text, values })).rows;

/** Peers with random keys use this key for one of ours: as SQL, and in TypeScript. */
export const randomKey = (column: string) => `md5(${column}::text)::uuid`;
export const randomKeyOf = (id: string) =>
  createHash("md5")
    .update(id)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Does the work in a transaction, each statement awaiting the one before. */
export async function inTransaction(client: pg.ClientBase, work: () => Promise<unknown>): Promise<void> {
  await client.query("begin");
  await work();
  await client.query("commit");
}
