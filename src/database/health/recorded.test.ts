import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { measureWebsites } from "#database/sizes/measure-websites.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import { readConfig } from "#platform/config.ts";
import type { HealthCheck } from "#protocol/health.ts";
import { runChecks } from "./run-checks.ts";

/** Checks that read what the server has written down: retention, erasures and the sizes of websites. */
let app: App;
let connection: ReturnType<typeof connect>;
beforeAll(async () => {
  app = await startApp();
  connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => {} });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

async function find(id: string, inDays = 0): Promise<HealthCheck> {
  const { report } = await runChecks(connection.db, {
    ...{ now: new Date(Date.now() + inDays * 86_400_000), config: readConfig({ DATABASE_URL: app.databaseUrl }) },
    ...{ earlier: null, previous: null, sizes: [], vitals: [], redis: null },
  });
  return report.checks.find(check => check.id === id)!;
}

test("retention that does not run, and a month that is kept too long, are found", async () => {
  expect((await find("retention")).level).toBe("ok");
  for (const days of [2, 400])
    expect(await find("retention", days)).toMatchObject({
      level: "warn",
      why: expect.stringContaining("has not run yet"),
    });
  await app.sql.query(
    `insert into retention_runs (website_id, day, ran_at, archive_after_days, delete_after_days)
     values ($1, current_date, now(), 90, 365)`,
    [app.website.id],
  );
  expect((await find("retention")).level).toBe("ok");
  expect((await find("retention", 9)).level).toBe("error");

  const late = "select min(month) from message_months";
  await app.sql.query(`update message_months set next_step = 'archived', next_at = now() - interval '6 days'
    where month = (${late})`);
  expect(await find("retention")).toMatchObject({
    level: "error",
    why: expect.stringMatching(/^The messages of \d{4}-\d\d should have been archived 6 days ago/),
  });
  // A website that is older than the retention, whose admin has confirmed nothing.
  await app.sql.query("update message_months set next_step = null");
  const { conversation } = await (await app.visitor()).send("Long ago");
  await makeOlder(app.sql, conversation.id, 500);
  expect((await find("retention")).level).toBe("ok");
  await app.sql.query("update websites set settings = settings - 'isDeletionConfirmed'");
  expect(await find("retention")).toMatchObject({ level: "warn", why: expect.stringMatching(/^1 website of before/) });
  await app.sql.query(`update websites set settings = settings || '{"isDeletionConfirmed": true}'`);
  await app.sql.query(`update message_months set next_step = 'archived' where month = (${late})`);
  // A legal hold is a reason.
  await app.sql.query(`update message_months set waits_for = '[{"reason": "hold"}]' where month = (${late})`);
  expect((await find("retention")).level).toBe("ok");
});

test("an erasure that is late is an error, unless it is held, undone or done", async () => {
  const insert = `insert into erasures (website_id, visitor_id, conversation_ids, requested_at, is_stored)
    values ($1, gen_random_uuid(), '{}', now() - interval '33 days', true) returning visitor_id as id`;
  const { rows } = await app.sql.query<{ id: string }>(insert, [app.website.id]);
  const { id } = rows[0]!;
  expect(await find("erasures")).toMatchObject({ level: "error", value: 1, why: expect.stringMatching(/^1 person/) });
  await app.sql.query(
    "insert into holds (website_id, target_id, target_kind, reason) values ($1, $2, 'visitor', 'court')",
    [app.website.id, id],
  );
  expect((await find("erasures")).level).toBe("ok");
  await app.sql.query("delete from holds");
  expect((await find("erasures")).level).toBe("error");
  await app.sql.query("update erasures set erased_at = now()");
  expect((await find("erasures")).level).toBe("ok");
});

test("an erasure that a restored backup would not know is a warning, then an error", async () => {
  await app.sql.query(
    `insert into erasures (website_id, visitor_id, conversation_ids, requested_at)
     values ($1, gen_random_uuid(), '{}', now() - interval '2 hours')`,
    [app.website.id],
  );
  const levels = async () => [(await find("erasure-list")).level, (await find("erasure-list", 1)).level];
  // The server's own job stores it within a minute.
  const found = await levels();
  await app.sql.query("update erasures set is_stored = true");
  expect([found, await levels()]).toEqual([
    ["warn", "error"],
    ["ok", "ok"],
  ]);
});

test("each website's share of the messages is its share of the size, estimated in the night", async () => {
  expect((await find("websites-size")).level).toBe("unknown");
  const { rows: before } = await app.sql.query("select sum(last_seq)::integer as messages from conversations");
  const { visitor } = await app.scene();
  for (let message = 0; message < 9; message++) await visitor.send(`Message ${message}`);
  const { website } = await app.otherWebsite();
  await app.sql.query("analyze");
  await measureWebsites(connection.db, new Date());
  const { rows } = await app.sql.query(
    "select website_id, messages::integer, bytes::float from website_sizes where messages > 0",
  );
  const months = await find("months-size");
  expect(rows).toEqual([{ website_id: app.website.id, messages: before[0].messages + 10, bytes: expect.any(Number) }]);
  // One website has all messages of this month, and empty months belong to no website.
  expect(rows[0].bytes).toBeGreaterThan(0);
  expect(rows[0].bytes).toBeLessThanOrEqual(months.value!);
  const found = await find("websites-size");
  expect(found).toMatchObject({ level: "ok", value: rows[0].bytes });
  expect(found.facts[0]).toContain(`website ${app.website.id}: `);
  expect(found.facts.join()).toContain(`website ${website.id}: 0 bytes`);
  // Names of websites are in no check.
  expect(JSON.stringify(found)).not.toContain(app.website.name);
  expect((await find("websites-size", 4)).level).toBe("unknown");
});
