import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { findDrift } from "#database/recount.ts";
import { cloneDatabase, type TestDatabase } from "#test/harness/databases.ts";
import { type Generated, generate } from "./generate.ts";

let database: TestDatabase;
let connection: Connection;
let client: pg.Client;
let generated: Generated;
beforeAll(async () => {
  database = await cloneDatabase();
  generated = await generate(database.url, { messages: 200_000, months: 6, websites: 40 });
  connection = connect({ url: database.url, poolSize: 1, onError: () => undefined });
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await connection.close();
  await database.drop();
});

async function one<Row>(sql: string): Promise<Row> {
  const { rows } = await client.query(sql);
  return rows[0];
}

test("as many messages as asked for, and each counter as a recount has it", async () => {
  expect(await one("select count(*)::integer as messages from messages")).toEqual({ messages: 200_000 });
  expect(generated).toMatchObject({ messages: 200_000, websites: 40 });
  expect(await findDrift(connection.db, { sinceHours: 1_000_000 })).toEqual([]);
});

test("every conversation's messages are numbered without a gap", async () => {
  const gaps = await one(`
    select count(*)::integer as gaps
    from (select min(seq) as first, max(seq) as last, count(*) as count from messages group by conversation_id) as c
    where first <> 1 or last <> count`);
  expect(gaps).toEqual({ gaps: 0 });
});
