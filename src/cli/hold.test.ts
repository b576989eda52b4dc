import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { HoldList } from "#protocol/holds.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const hold = (...args: string[]) =>
  runCli(["hold", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir } });

test("a conversation and a visitor are held, listed and released, and the audit log has who and why", async () => {
  const { id } = (await (await app.visitor()).send("Keep me")).conversation;
  const website = `/websites/${app.website.id}`;
  const { visitor } = await app.owner.api<ConversationShown>("GET", `${website}/conversations/${id}`);
  for (const [targetKind, targetId] of [
    ["conversation", id],
    ["visitor", visitor.id],
  ] as const) {
    const { code, stdout } = await hold("add", targetId, "--reason", " Case 12 ", "--json");
    expect({ code, held: JSON.parse(stdout) }).toEqual({
      code: 0,
      held: { websiteId: app.website.id, targetKind, targetId },
    });
  }
  const { holds } = await app.owner.api<HoldList>("GET", `${website}/holds`);
  expect(holds.map(({ targetId, reason, placedBy }) => [targetId, reason, placedBy])).toEqual([
    [visitor.id, "Case 12", null],
    [id, "Case 12", null],
  ]);
  const again = await hold("add", id, "--reason", "Another");
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("held already")]);

  const lines = (await hold("list", "--json")).stdout.trim().split("\n");
  expect(lines.map(line => JSON.parse(line).targetId)).toEqual([visitor.id, id]);
  expect((await hold("list")).stdout).toContain(`conversation  ${id}  -  Case 12`);

  expect(await hold("release", id, "--reason", "Closed")).toMatchObject({ code: 0 });
  const unknown = await hold("release", id, "--reason", "Closed");
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("Nothing holds")]);
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit?action=hold.lifted`);
  expect(entries).toMatchObject([
    { actor: { kind: "system" }, target: { kind: "conversation", id }, details: { reason: "Closed" } },
  ]);
});

test("an id of nothing and a reason without words are refused", async () => {
  const nobody = await hold("add", "019ad0d4-2f30-7000-8000-000000000000", "--reason", "x");
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining("no conversation and no visitor")]);
  expect(await hold("add", "019ad0d4-2f30-7000-8000-000000000000", "--reason", " ")).toMatchObject({ code: 2 });
});
