import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
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

const raw = (method: string, path: string) => fetch(app.url + path, { method });

test("another method at an address that there is gets 405 and the methods that are possible", async () => {
  for (const [method, path, allowed] of [
    ["PUT", "/api/v1/me", "GET, HEAD"],
    ["GET", "/api/v1/sign-in", "POST"],
    ["HEAD", "/api/v1/sign-in", "POST"],
    ["OPTIONS", "/api/v1/me", "GET, HEAD"],
    ["POST", `/api/v1/websites/${app.website.id}`, "DELETE, GET, HEAD, PATCH"],
    ["GET", "/api/v1/poll/open", "POST"],
    ["POST", "/health", "GET, HEAD"],
    ["DELETE", "/metrics", "GET, HEAD"],
    ["POST", "/inbox", "GET, HEAD"],
    ["PUT", "/widget.js", "GET, HEAD"],
  ] as const) {
    const answer = await raw(method, path);
    expect([method, path, answer.status, answer.headers.get("allow")]).toEqual([method, path, 405, allowed]);
    const text = await answer.text();
    if (method !== "HEAD") expect(JSON.parse(text)).toMatchObject({ error: { code: "method_not_allowed" } });
  }
  for (const [method, path] of [
    ["PUT", "/api/v1/nothing"],
    ["GET", "/api/v1/nothing"],
    ["GET", "/nothing.png"],
  ] as const) {
    expect([path, (await raw(method, path)).status]).toEqual([path, 404]);
  }
  expect((await raw("HEAD", "/inbox")).status).toBe(200);
});

test("every refusal that waiting mends says how long, over HTTP and at an upgrade", async () => {
  const few = await startApp({ env: { LIMITS: "code=1/60 agentOther=1/60 session=1/60", SOCKETS_PER_ADDRESS: "1" } });
  onTestFinished(() => few.stop());
  const limited: { path: string; init?: RequestInit }[] = [
    { path: "/invitations/1-guessed" },
    { path: "/me", init: { headers: { cookie: few.owner.headers.cookie! } } },
    {
      path: "/widget/session",
      init: {
        method: "POST",
        headers: { "content-type": "application/json", origin: "https://shop.example" },
        body: JSON.stringify({ websiteKey: few.website.publicKey }),
      },
    },
  ];
  for (const { path, init } of limited) {
    await fetch(`${few.url}/api/v1${path}`, init);
    const refused = await fetch(`${few.url}/api/v1${path}`, init);
    const seconds = Number(refused.headers.get("retry-after"));
    expect([path, refused.status, seconds > 0 && seconds <= 60]).toEqual([path, 429, true]);
  }
  const open = () => new WebSocket(`${few.url.replace("http", "ws")}/api/v1/socket`);
  const first = open();
  await once(first, "open");
  const [, response] = (await once(open(), "unexpected-response")) as [unknown, IncomingMessage];
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([429, "10"]);
  first.terminate();
});
