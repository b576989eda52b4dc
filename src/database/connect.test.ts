import { expect, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { connect } from "./connect.ts";

test("what is closed leaves no connection behind, whichever way was asked by: an idle one holds up the process's end", async () => {
  const database = await cloneDatabase();
  const connection = connect({ url: database.url, poolSize: 2, onError: () => {} });
  await connection.pool.query("select 1");
  await connection.pipelines.query("select 1");
  expect([connection.pool.totalCount, connection.pipelines.totalCount]).toEqual([1, 1]);
  await connection.close();
  expect([connection.pool.totalCount, connection.pipelines.totalCount]).toEqual([0, 0]);
  await database.drop();
});
