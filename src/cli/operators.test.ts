import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { query } from "#lab/clusters/schemas.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

test("operators are added and removed from the terminal, and each change is in the audit log", async () => {
  const database = await cloneDatabase();
  onTestFinished(database.drop);
  const env = { DATABASE_URL: database.url, DATA_DIR: makeFolder() };
  const run = (...args: string[]) => runCli(["operators", ...args], { env });
  const id = "01900000-0000-7000-8000-000000000001";
  await query(database.url, `insert into users (id, name, email) values ('${id}', 'Ada', 'ada@example.com')`);

  expect(await run("--add", "ben@example.com")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/No agent has/),
  });
  const added = await run("--add", "Ada@example.com", "--json");
  expect(JSON.parse(added.stdout)).toEqual({ operators: [{ id, name: "Ada", email: "ada@example.com" }] });
  const removed = await run("--remove", "ada@example.com");
  expect(removed).toEqual({ code: 0, stdout: "", stderr: expect.stringMatching(/There is no operator/) });
  const actions = await query(database.url, "select action, website_id, target_id from audit_log order by id");
  expect(actions).toEqual(
    ["operator.added", "operator.removed"].map(action => ({ action, website_id: 0, target_id: id })),
  );
});
