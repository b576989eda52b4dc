import { expect, onTestFinished, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { openSocket } from "#lab/actors/sockets.ts";
import { eventually } from "#lab/eventually.ts";

/** Limits that stop an attacker must not lock others out. Addresses are given as a proxy gives them. */

const addressOf = (i: number) => ({ "x-forwarded-for": `192.0.2.${i}` });

async function start(limits = ""): Promise<App> {
  const app = await startApp({ env: { TRUST_PROXY: "1", SOCKETS_PER_VISITOR: "3", LIMITS: limits } });
  onTestFinished(() => app.stop());
  return app;
}

async function post(app: App, path: string, body: unknown, headers: Record<string, string>) {
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  return response;
}

const signIn = async (app: App, headers: Record<string, string>, password: string) =>
  (await post(app, "/sign-in", { email: app.owner.account.email, password }, headers)).status;

const right = "correct horse battery";
const wrong = "a wrong password";
const times = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test("what other websites' pages send, and what is not valid, does not count", async () => {
  const app = await start("signIn=3/60 signInFrom=3/60 session=3/60 code=3/60");
  const { email } = app.owner.account;
  const websiteKey = app.website.publicKey;
  for (const _ of times(5)) {
    const foreign = { ...addressOf(1), origin: "https://evil.example" };
    expect((await post(app, "/sign-in", { email, password: wrong }, foreign)).status).toBe(403);
    expect((await post(app, "/sign-in", { email }, addressOf(1))).status).toBe(400);
    expect((await post(app, "/widget/session", { websiteKey }, foreign)).status).toBe(403);
    expect(
      (
        await post(
          app,
          "/widget/session",
          { websiteKey, identity: "forged" },
          {
            ...addressOf(1),
            origin: "https://shop.example",
          },
        )
      ).status,
    ).toBe(403);
    expect((await post(app, "/setup", { code: "guessed" }, addressOf(1))).status).toBe(400);
  }
  expect(await signIn(app, addressOf(1), right)).toBe(200);
  const page = { ...addressOf(1), origin: "https://shop.example" };
  expect((await post(app, "/widget/session", { websiteKey }, page)).status).toBe(200);
});

test("an office behind one address signs in, opens invitations and begins sessions in the morning", async () => {
  const app = await start("signIn=2/900 signInFrom=2/900 code=2/900");
  const { token } = await app.owner.api<{ token: string }>("POST", `/websites/${app.website.id}/invitations`, {
    role: "agent",
  });
  for (const _ of times(4)) {
    expect(await signIn(app, addressOf(1), right)).toBe(200);
    const shown = await fetch(`${app.url}/api/v1/invitations/${token}`, { headers: addressOf(1) });
    expect(shown.status).toBe(200);
  }
  const page = { ...addressOf(1), origin: "https://shop.example" };
  const websiteKey = app.website.publicKey;
  const sessions = await Promise.all(times(200).map(() => post(app, "/widget/session", { websiteKey }, page)));
  expect(new Set(sessions.map(({ status }) => status))).toEqual(new Set([200]));
  for (const status of [410, 410, 429]) {
    const guessed = await fetch(`${app.url}/api/v1/invitations/1-guessed`, { headers: addressOf(1) });
    expect([guessed.status, guessed.headers.has("retry-after")]).toEqual([status, status === 429]);
  }
});

test("guesses from many addresses are slowed down, and do not lock out a browser that the account knows", async () => {
  const app = await start("signInTo=4/60");
  const cookie = app.owner.headers.cookie!.split("; ").find(each => each.startsWith("prochat.browser-"))!;
  const statuses = [];
  for (const i of times(6)) statuses.push(await signIn(app, addressOf(i), wrong));
  expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
  expect(await signIn(app, addressOf(7), right)).toBe(429);
  expect(await signIn(app, { ...addressOf(7), cookie }, right)).toBe(200);
  const forged = `${cookie.slice(0, -4)}AAAA`;
  expect(await signIn(app, { ...addressOf(7), cookie: forged }, right)).toBe(429);
});

test("a colleague at the same address cannot lock out a known browser, whose own guesses are limited", async () => {
  const app = await start("signIn=3/900 signInFrom=3/900");
  const cookie = app.owner.headers.cookie!.split("; ").find(each => each.startsWith("prochat.browser-"))!;
  const known = { ...addressOf(1), cookie };
  for (const status of [401, 401, 401, 429]) expect(await signIn(app, addressOf(1), wrong)).toBe(status);
  expect(await signIn(app, known, right)).toBe(200);
  for (const status of [401, 401, 401, 429]) expect(await signIn(app, known, wrong)).toBe(status);
});

test("visitors at one address share a limit of messages and of reads at a website, whoever they say they are", async () => {
  const app = await start("visitorsSend=3/60 visitorsOther=3/60 session=100/60");
  const { website: other } = await app.otherWebsite();
  const visitorAt = async (i: number, websiteKey = app.website.publicKey) => {
    const visitor = await app.visitor({ websiteKey });
    Object.assign(visitor.headers, addressOf(i));
    return visitor;
  };
  for (const _ of times(3)) await (await visitorAt(1)).send("Hello");
  await expect((await visitorAt(1)).send("Hello")).rejects.toMatchObject({ code: "rate_limited" });
  await expect((await visitorAt(1, other.publicKey)).send("Hello")).resolves.toBeDefined();
  const elsewhere = await visitorAt(2);
  const { conversation } = await elsewhere.send("Hello");
  const path = `/widget/conversations/${conversation.id}/messages`;
  for (const status of [200, 200, 200, 429]) expect((await elsewhere.call("GET", path)).status).toBe(status);
});

test("a visitor has a max of sockets, so that one token cannot take those of an address", async () => {
  const app = await start();
  const [visitor, other] = await Promise.all([app.visitor(), app.visitor()]);
  const sockets = await Promise.all(times(3).map(() => visitor.socket()));
  await expect(visitor.socket()).rejects.toMatchObject({
    code: "rate_limited",
    message: expect.stringContaining("SOCKETS_PER_VISITOR"),
  });
  const { headers, session } = visitor;
  const refused = await openSocket(app.url, headers);
  const params = { as: "visitor", token: session.token, page: { url: "", title: "" }, language: "en" };
  await expect(refused.command("hello", params)).rejects.toMatchObject({ code: "rate_limited" });
  expect(await refused.closed).toMatchObject({ code: 1011, reason: "rate_limited" });
  await (await other.socket()).close();
  await sockets.pop()!.close();
  await eventually(async () => void sockets.push(await visitor.socket()));
  await Promise.all(sockets.map(socket => socket.close()));
});
