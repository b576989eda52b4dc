import { readFileSync } from "node:fs";
import { join } from "node:path";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { freezePostgres } from "#lab/clusters/freeze.ts";
import { silent } from "#lab/programs/log.ts";
import { openPool } from "#lab/sql/pool.ts";
import { expectAccessible } from "./accessibility.ts";
import { expect, setUp, test } from "./chat.ts";

test("the Database page says what to do first, mends it at the press of a button, and is well then", async ({
  freshServer,
  visit,
}) => {
  const chat = await setUp(freshServer);
  const website = chat.owner.me.websites[0]!;
  const { url } = await borrowDatabase({ dataDir: freshServer.dataDir, databaseUrl: null, log: silent });
  const sql = openPool({ connectionString: url, max: 2 });
  // A line needs a second value, which a server that has just started has not yet.
  const addOlder = `
    insert into health_history
    select 'minute', at - interval '5 minutes', figures, '{}' from health_history where period = 'minute' limit 1`;
  await expect.poll(async () => (await sql.query(addOlder)).rowCount).toBe(1);
  await sql.query("drop index conversations_inbox");
  const page = await visit(`${chat.url}/w/${website.id}/settings`, { as: chat.owner });
  await page.getByRole("link", { name: "Database" }).click();
  await page.getByRole("button", { name: "Check again" }).click();
  const problem = page.getByRole("listitem").filter({ hasText: "Missing indexes" }).first();
  await expect(problem).toContainText("1 index that queries need is missing");
  await expect(problem).toContainText("CREATE INDEX CONCURRENTLY");
  await problem.getByRole("button", { name: "Build missing indexes" }).click();
  await expect(page.getByText("1 index that queries need is missing")).toHaveCount(0);
  await expect(page.getByRole("img", { name: /^How many connections are used\?/ })).toBeVisible();

  await page.getByRole("button", { name: "Show queries" }).click();
  const queries = page.getByRole("region", { name: "Slow queries" });
  await queries.getByRole("button", { name: "Calls" }).click();
  await queries.getByRole("button", { name: "whether a user is an operator" }).click();
  await expect(queries.getByText(/ Scan .*on operators$/)).toBeVisible();
  await expect(queries.getByText(/\(user_id = \$1\)/)).toBeVisible();
  await expectAccessible(page, "the queries");

  const { rows } = await sql.query("select to_regclass('conversations_inbox') is not null as built");
  expect(rows).toEqual([{ built: true }]);
  await sql.end();
});

test("to admins who are no operators the page of the database says whose it is, and shows nothing of it", async ({
  chat,
  website,
  signedIn,
}) => {
  const ben = await chat.createAgent(website, "Ben Second", "admin");
  const page = await signedIn(ben, `/w/${website.id}/settings/database`);
  await expect(page.getByRole("heading", { name: "Only for operators of the server" })).toBeVisible();
  await expect(page.getByRole("region")).toHaveCount(0);
});

test("while PostgreSQL is frozen, the page opens with the last report and its age, and goes on when it answers", async ({
  freshServer,
  visit,
}) => {
  const chat = await setUp(freshServer);
  const address = `${chat.url}/w/${chat.owner.me.websites[0]!.id}/settings/database`;
  const page = await visit(address, { as: chat.owner });
  await expect(page.getByText(/^Checked/)).toBeVisible();
  const postmaster = Number(
    readFileSync(join(freshServer.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n", 1)[0],
  );
  const thaw = freezePostgres(postmaster);
  try {
    await page.goto(address); // cold: nothing is known of who reads it
    await expect(page.getByText("PostgreSQL does not answer. This is what the server found last.")).toBeVisible();
    await expect(page.getByText(/^Checked/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "All checks" })).toBeVisible();
    await expectAccessible(page, "the last report");
  } finally {
    thaw();
  }
  await expect(page.getByRole("button", { name: "Check again" })).toBeVisible();
  await page.getByRole("button", { name: "Recount" }).click();
  await expect(page.getByText("The server works on it.")).toBeVisible();
});
