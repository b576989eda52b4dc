import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const recount = (...args: string[]) =>
  runCli(["recount", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() } });

test("wrong counters are corrected and named; right ones stay", async () => {
  const { conversationId } = await app.scene();
  await app.sql.query("update conversations set agent_unread = 7, preview = 'of another day'");
  expect(await recount()).toMatchObject({
    code: 0,
    stdout: `Corrected 1 conversation.\nwebsite ${app.website.id}, conversation ${conversationId}\n`,
  });
  const { rows } = await app.sql.query("select agent_unread, preview from conversations");
  expect(rows).toEqual([{ agent_unread: 1, preview: "Hello, is anybody there?" }]);
  expect(await recount("--json")).toMatchObject({ code: 0, stdout: '{"corrected":[]}\n' });
  expect(await recount("--days", "0")).toMatchObject({ code: 2 });
});
