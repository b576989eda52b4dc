import { sql } from "kysely";
import { expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { isDistributed } from "./distributed.ts";

test("a database is distributed if its messages are", async () => {
  const database = await cloneDatabase();
  const { db, close } = connect({ url: database.url, poolSize: 1, onError: () => {} });
  expect(await isDistributed(db)).toBe(false);
  // The catalogue of Citus, which the tests do not install.
  await sql`create table pg_dist_partition (logicalrelid regclass)`.execute(db);
  expect(await isDistributed(db)).toBe(false);
  await sql`insert into pg_dist_partition values ('messages')`.execute(db);
  expect(await isDistributed(db)).toBe(true);
  await close();
  await database.drop();
});
