import { userInfo } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { AuditEntry } from "#protocol/audit.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const run = (...args: string[]) => runCli(args, { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() } });

type Line = AuditEntry & { websiteId: number; userAgent: string | null };

async function audit(...args: string[]): Promise<Line[]> {
  const { code, stdout, stderr } = await run("audit", "--json", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

const commandLine = { kind: "system", id: null, name: userInfo().username };

test("every website's entries and the installation's own, oldest first, as JSON lines", async () => {
  await app.owner.call("POST", "/sign-in", { email: "stranger@mail.example", password: "wrong one here" });
  const lines = await audit();
  expect(lines.map(({ websiteId, action }) => [websiteId, action])).toEqual([
    [app.website.id, "website.set_up"],
    [app.website.id, "account.signed_in"],
    [0, "account.sign_in_failed"],
  ]);
  expect(lines[0]).toEqual({
    websiteId: app.website.id,
    id: expect.any(String),
    at: expect.stringMatching(/Z$/),
    actor: { kind: "user", id: app.owner.me.user.id, name: "Olga Owner" },
    action: "website.set_up",
    target: { kind: "website", id: String(app.website.id), name: "Shop" },
    details: {},
    ip: "127.0.0.0/24",
    userAgent: "node",
  });
});

test("it can be filtered by website, action and time", async () => {
  const names = async (...args: string[]) => (await audit(...args)).map(({ action }) => action);
  expect(await names("--website", "1")).toEqual(["website.set_up", "account.signed_in"]);
  expect(await names("--action", "website.set_up")).toEqual(["website.set_up"]);
  const [first] = await audit();
  expect(await names("--since", new Date(Date.parse(first!.at) + 1).toISOString())).not.toContain("website.set_up");
  expect(await names("--since", "2999-01-01")).toEqual([]);
});

test("without --json it is a table, and no name in it can control the terminal", async () => {
  await app.owner.api("POST", "/websites/1/tags", { name: "Red \u001b[31m", colour: "#ff0000" });
  const { stdout } = await run("audit", "--website", "1");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}1 {2}Olga Owner {2}127\.0\.0\.0\/24 {2}website\.set_up {5}Shop$/,
  );
  expect(lines.at(-1)).toMatch(/tag\.created {8}Red \?\[31m$/);
});

test("more than a page is printed whole", async () => {
  await app.sql.query(
    `insert into audit_log (website_id, id, at, actor_kind, actor_name, action)
     select 77, gen_random_uuid(), now(), 'system', '', 'database.migrated' from generate_series(1, 2500)`,
  );
  const lines = await audit("--website", "77", "--since", "1970-01-01");
  expect(new Set(lines.map(({ id }) => id)).size).toBe(2_500);
});

test("what the command line does is recorded with the system's user", async () => {
  expect((await run("reset-password", app.owner.account.email)).code).toBe(0);
  expect((await run("export", "--website", "1", "--from", "2026-01-01")).code).toBe(0);
  expect((await audit("--website", "1")).slice(-2)).toMatchObject([
    {
      actor: commandLine,
      action: "account.password_reset",
      target: { kind: "account", id: app.owner.me.user.id, name: "Olga Owner" },
    },
    {
      actor: commandLine,
      action: "website.exported",
      target: { kind: "website", name: "Shop" },
      details: { format: "ndjson", from: "2026-01-01T00:00:00.000Z", until: expect.stringMatching(/Z$/) },
    },
  ]);
});

test("a refused export has no entry, and an unknown action is wrong usage", async () => {
  const before = await audit();
  expect((await run("export", "--website", "1", "--from", "2999-01-01")).code).toBe(1);
  expect(await audit()).toEqual(before);
  expect(await run("audit", "--action", "nonsense")).toMatchObject({ code: 2, stdout: "" });
});
