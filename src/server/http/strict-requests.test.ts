import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

test("the path alone names the website: neither query nor body can name another one", async () => {
  const { owner: stranger, website: theirs } = await app.otherWebsite();
  const victim = await app.agent();
  const ours = app.website.id;
  const path = `/websites/${theirs.id}/agents/${victim.me.user.id}`;
  for (const [query, body] of [
    [`?websiteId=${ours}`, undefined],
    ["", { websiteId: ours }],
  ] as const) {
    const { status } = await stranger.call("DELETE", path + query, body);
    expect(status).toBeOneOf([400, 404]);
  }
  await stranger.call("POST", `/websites/${theirs.id}/identity-secret?websiteId=${ours}`);
  await stranger.call("PATCH", `/websites/${theirs.id}?websiteId=${ours}`, { name: "Taken" });
  expect((await app.sql.query("select name from websites where id = $1", [ours])).rows).toEqual([{ name: "Shop" }]);
  await victim.api("GET", `/websites/${ours}`);
});

test("a query parameter that the endpoint does not know is refused by name", async () => {
  for (const [method, path, body] of [
    ["GET", `/websites/${app.website.id}/inbox?view=all&colour=blue`],
    ["GET", "/me?colour=blue"],
    ["POST", `/websites/${app.website.id}/invitations?colour=blue`, { role: "agent" }],
  ] as const) {
    const answer = await app.owner.call(method, path, body);
    expect({ path, ...answer }).toMatchObject({
      path,
      status: 400,
      body: { error: { code: "invalid_request", message: expect.stringContaining("colour") } },
    });
  }
});
