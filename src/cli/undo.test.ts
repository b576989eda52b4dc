import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { AuditPage } from "#protocol/audit.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const undo = (...args: string[]) =>
  runCli(["undo", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() } });

test("what was deleted is listed, and comes back by its id", async () => {
  const { conversation } = await (await app.visitor()).send("Please forget this");
  const path = `/websites/${app.website.id}/conversations/${conversation.id}`;
  await app.owner.api("DELETE", path, { reason: "Spam" });

  const listed = await undo();
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(
    new RegExp(`^\\d{4}-.* conversation {2}${conversation.id} {2}until .* Olga Owner {2}Spam\n$`),
  );
  expect(JSON.parse((await undo("--json")).stdout)).toMatchObject({
    websiteId: app.website.id,
    kind: "conversation",
    id: conversation.id,
    reason: "Spam",
  });

  const back = await undo(conversation.id.toUpperCase());
  expect([back.code, back.stdout]).toEqual([0, expect.stringContaining("The conversation is back.")]);
  expect((await undo()).stdout).toBe("");
  await app.owner.api("GET", path);
  const { entries } = await app.owner.api<AuditPage>(
    "GET",
    `/websites/${app.website.id}/audit?action=conversation.restored`,
  );
  expect(entries).toMatchObject([{ target: { id: conversation.id }, actor: { kind: "system" } }]);

  const again = await undo(conversation.id);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("not in the trash")]);
});

test("a visitor comes back with all of theirs; one who went for good does not, and it says when", async () => {
  const { conversation } = await (await app.visitor()).send("Hello");
  const { rows } = await app.sql.query("select visitor_id as id from conversations where id = $1", [conversation.id]);
  const visitorId = rows[0].id;
  const path = `/websites/${app.website.id}`;
  await app.owner.api("DELETE", `${path}/visitors/${visitorId}`, { reason: "" });
  expect((await undo()).stdout).toMatch(new RegExp(`visitor {7}${visitorId} {2}until`));
  expect(await undo(visitorId)).toMatchObject({ code: 0, stdout: "The visitor is back.\n" });
  await app.owner.api("GET", `${path}/conversations/${conversation.id}`);

  await app.owner.api("DELETE", `${path}/visitors/${visitorId}`, { reason: "" });
  await app.sql.query("update visitors set deleted_at = now() - interval '31 days' where id = $1", [visitorId]);
  expect(await undo(visitorId)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/This visitor went for good on \d{4}-\d\d-\d\d, 30 days after its deletion/),
  });
});

test("something else than an id is refused with what to do", async () => {
  const { code, stderr } = await undo("17");
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('"17" is no id of something deleted. prochat undo lists them.'),
  ]);
});
