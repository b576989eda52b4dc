import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, shopOrigin, startApp } from "#lab/actors/app.ts";
import type { VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { eventually } from "#lab/eventually.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";

/** Visitors who may not use a chat any more, at this server and at another one. */

let redis: TestRedis;
let app: App;
let secondUrl: string;
beforeAll(async () => {
  redis = await startRedis();
  app = await startApp({ redisUrl: redis.url });
  secondUrl = await app.secondServer();
});
afterAll(async () => {
  await app.stop();
  await redis.stop();
});

const path = () => `/websites/${app.website.id}`;
const allow = (allowedOrigins: string[]) => app.owner.api("PATCH", path(), { allowedOrigins });
const secretPath = () => `${path()}/identity-secret`;

async function signedIn(sub: string): Promise<VisitorClient> {
  const { identitySecret } = await app.owner.api<{ identitySecret: string }>("GET", secretPath());
  const identity = await new SignJWT({ sub })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(identitySecret));
  return app.visitor({ identity });
}

const page = { url: `${shopOrigin}/`, title: "Shop" };
const hello = (visitor: VisitorClient) => ({
  ref: 1,
  command: "hello",
  params: { as: "visitor", token: visitor.session.token, page, language: "en" },
});

test("an origin that is removed ends the sockets of its pages in all processes, and no others", async () => {
  await allow([shopOrigin, "https://other.example"]);
  const visitor = await app.visitor();
  const stranger = (await app.otherWebsite()).website;
  const elsewhere = await app.visitor({ websiteKey: stranger.publicKey });
  const onOther = await app.visitor();
  Object.assign(onOther.headers, { origin: "https://other.example" });
  const [here, there, kept, other] = await Promise.all([
    visitor.socket(),
    visitor.socket(secondUrl),
    onOther.socket(),
    elsewhere.socket(),
  ]);
  const polling = await openPoller(app.url, visitor.headers, hello(visitor));
  await allow(["https://other.example"]);
  for (const socket of [here, there]) {
    expect(await socket.closed).toMatchObject({ reason: "origin_not_allowed" });
    expect(socket.errors).toMatchObject([{ code: "origin_not_allowed" }]);
  }
  await eventually(() => expect(polling.command("page.view", page)).rejects.toMatchObject({ code: "line_gone" }));
  await expect(visitor.socket()).rejects.toMatchObject({ code: "origin_not_allowed" });
  await kept.command("page.view", page);
  await other.command("page.view", page);
  await Promise.all([kept.close(), other.close(), allow([shopOrigin])]);
});

test("a new identity secret ends the tokens and sockets of logged-in visitors, and no others", async () => {
  const [ada, guest] = await Promise.all([signedIn("ada"), app.visitor()]);
  const { conversation } = await ada.send("Where is my order?");
  const [here, there, kept] = await Promise.all([ada.socket(), ada.socket(secondUrl), guest.socket()]);
  await app.owner.api("POST", secretPath());
  for (const socket of [here, there]) {
    expect(await socket.closed).toMatchObject({ code: 4401, reason: "session_expired" });
  }
  await expect(ada.send("Still me", { conversationId: conversation.id })).rejects.toMatchObject({
    code: "session_expired",
  });
  await expect(ada.socket()).rejects.toMatchObject({ code: "session_expired" });
  await kept.command("page.view", page);
  await kept.close();
  const again = await signedIn("ada");
  expect((await again.send("It is me", { conversationId: conversation.id })).conversation.id).toBe(conversation.id);
});
