import { afterAll, beforeAll, expect, test } from "vitest";
import { monthOf } from "#database/partitions/months.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeOlder } from "#lab/actors/old-conversation.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { RetentionReport } from "#server/features/retention/run.ts";

let app: App;
let old: string;
beforeAll(async () => {
  app = await startApp();
  old = await makeOlder(app.sql, (await (await app.visitor()).send("Long ago")).conversation.id, 500);
});
afterAll(() => app.stop());

const run = (...args: string[]) => runCli(args, { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir } });
/** As if the last run had been on the day before. */
const aDayLater = () => app.sql.query("update retention_runs set day = day - 1, ran_at = ran_at - interval '1 day'");
const stateOf = async () => {
  const { rows } = await app.sql.query("select state from message_months where month = $1", [`${monthOf(old)}-01`]);
  return rows[0].state;
};

test("a dry run says what would be done and changes nothing; a run does it, on the second day", async () => {
  expect(await run("retention")).toMatchObject({ code: 0, stdout: expect.stringContaining("archived from") });
  await aDayLater();
  const { stdout } = await run("retention", "--dry-run");
  expect(stdout).toMatch(new RegExp(`${monthOf(old)}  live .* would be archived now`));
  expect(await stateOf()).toBe("live");
  const report = JSON.parse((await run("retention", "--json")).stdout) as RetentionReport;
  expect(report.months.find(({ month }) => month === monthOf(old))).toMatchObject({
    state: "detached",
    reached: ["archived", "exported", "detached"],
  });
  expect(await stateOf()).toBe("detached");
});

test("prochat partitions and verify know the months that have left, and one that is not where it should be", async () => {
  expect((await run("partitions")).stdout).toMatch(new RegExp(`${monthOf(old)}  detached`));
  expect((await run("verify")).code).toBe(0);
  const table = `messages_${monthOf(old).replace("-", "_")}`;
  await app.sql.query(`alter table ${table} rename to elsewhere`);
  expect(await run("verify")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`The month ${monthOf(old)} is detached, but its table is missing`),
  });
  await app.sql.query(`alter table elsewhere rename to ${table}`);
});

test("what failed is an exit status of 1, and stays", async () => {
  await app.sql.query("update message_months set detached_at = now() - interval '9 days' where state = 'detached'");
  await app.sql.query("update message_months set export_key = 'months/nowhere/manifest.json' where state = 'detached'");
  await aDayLater();
  const unconfirmed = await run("retention");
  expect([unconfirmed.code, unconfirmed.stderr]).toEqual([1, expect.stringContaining("repeat it with --confirm 1")]);
  expect((await run("retention", "--dry-run")).stdout).toContain(
    "1 rows would be deleted: prochat retention --confirm 1",
  );
  const { code, stdout, stderr } = await run("retention", "--confirm", "1");
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`failed  ${monthOf(old)}: The export months/nowhere/manifest.json`));
  expect(stderr).toContain("Retention: ");
  expect(await stateOf()).toBe("detached");
});
