import { expect, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { connect } from "./connect.ts";

test("closing leaves no connection open, however it was used: an idle one would delay the end of the process", async () => {
  const database = await cloneDatabase();
  const connection = connect({ url: database.url, poolSize: 2, onError: () => {} });
  await connection.pool.query("select 1");
  await connection.pipelines.query("select 1");
  expect([connection.pool.totalCount, connection.pipelines.totalCount]).toEqual([1, 1]);
  await connection.close();
  expect([connection.pool.totalCount, connection.pipelines.totalCount]).toEqual([0, 0]);
  await database.drop();
});
