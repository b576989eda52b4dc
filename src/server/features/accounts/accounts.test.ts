import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { readConfig } from "#platform/config.ts";
import type { SetupRequest } from "#protocol/accounts.ts";
import { startServer } from "#server/main.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

test("setting up works exactly once, also for two at the same moment, and only with the code", async () => {
  const database = await cloneDatabase();
  const server = await startServer(
    readConfig({ PORT: "0", DEMO_PORT: "off", DATA_DIR: makeFolder(), DATABASE_URL: database.url }),
  );
  const request = (code: string): SetupRequest => ({
    code,
    owner: { name: "Ana", email: `${newId()}@shop.example`, password: "correct horse battery" },
    website: { name: "Shop", allowedOrigins: ["https://shop.example"] },
  });
  expect((await post(server.url, "/setup", request("guessed"))).status).toBe(403);
  const code = server.setupCode!;
  const answers = await Promise.all([1, 2, 3].map(() => post(server.url, "/setup", request(code))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect(await (await fetch(`${server.url}/api/v1/setup`)).json()).toEqual({ needed: false });
  await server.stop();
  await database.drop();
});

test("scripts and other sites cannot read the session's cookie, and signing out ends the session", async () => {
  const agent = await app.agent();
  const { headers } = await agent.call("POST", "/sign-in", agent.account);
  const cookie = headers.get("set-cookie")!;
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  const copy = agent.headers.cookie!;
  const socket = await agent.socket();
  await agent.api("POST", "/sign-out");
  const again = await fetch(`${app.url}/api/v1/me`, { headers: { cookie: copy } });
  expect(again.status).toBe(401);
  expect(await socket.closed).toMatchObject({ code: 4401 });
});

test("two installations on one host do not sign each other out; two servers of one installation share the session", async () => {
  const other = await startApp();
  const [here, there] = [await app.agent(), await other.agent()];
  // A browser keeps the cookies of a host by name, whatever the port.
  const jar = new Map(
    [here, there].flatMap(({ headers }) =>
      headers.cookie!.split("; ").map(cookie => cookie.split("=") as [string, string]),
    ),
  );
  const cookie = [...jar].map(pair => pair.join("=")).join("; ");
  const me = async (url: string) => (await fetch(`${url}/api/v1/me`, { headers: { cookie } })).json();
  const second = await app.secondServer();
  for (const url of [app.url, second]) expect(await me(url)).toMatchObject({ user: { id: here.me.user.id } });
  expect(await me(other.url)).toMatchObject({ user: { id: there.me.user.id } });
  const name = here.headers.cookie!.split("=")[0];
  expect(await (await fetch(`${app.url}/api/openapi.json`)).json()).toMatchObject({
    components: { securitySchemes: { session: { name } } },
  });
  await other.stop();
});

test("passwords are stored as scrypt hashes of the strength that OWASP asks for", async () => {
  const { rows } = await app.sql.query("select password from accounts limit 1");
  expect(rows[0].password).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{86}$/);
});

test("a password that an earlier version hashed signs in, and is hashed again", async () => {
  const { account, me } = await app.agent();
  const earlier = await hashPassword(account.password);
  await app.sql.query("update accounts set password = $1 where user_id = $2", [earlier, me.user.id]);
  const signIn = (password: string) => post(app.url, "/sign-in", { email: account.email, password });
  const stored = async () =>
    (await app.sql.query("select password from accounts where user_id = $1", [me.user.id])).rows[0].password;
  expect((await signIn("a wrong password")).status).toBe(401);
  expect(await stored()).toBe(earlier);
  for (let times = 0; times < 2; times++) expect((await signIn(account.password)).status).toBe(200);
  expect(await stored()).toMatch(/^scrypt/);
});

test("a wrong password and an unknown address get the same answer", async () => {
  const wrong = await app.owner.call("POST", "/sign-in", {
    email: app.owner.account.email,
    password: "wrong one here",
  });
  const unknown = await app.owner.call("POST", "/sign-in", {
    email: "nobody@shop.example",
    password: "wrong one here",
  });
  expect(wrong.status).toBe(401);
  expect(unknown).toMatchObject({ status: wrong.status, body: wrong.body });
});

test("guessing a password is stopped, with the time to wait", async () => {
  const { email } = (await app.agent()).account;
  const tries = [];
  for (let i = 0; i < 12; i++) tries.push(await post(app.url, "/sign-in", { email, password: `guess number ${i}` }));
  expect(tries.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
  expect(Number(tries.at(-1)!.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a new password requires the old one and ends the other sessions", async () => {
  const agent = await app.agent();
  const elsewhere = agent.headers.cookie!;
  await agent.signIn();
  const change = { currentPassword: "not the one", newPassword: "a better password" };
  await expect(agent.api("POST", "/me/password", change)).rejects.toMatchObject({ code: "wrong_credentials" });
  await agent.api("POST", "/me/password", { ...change, currentPassword: agent.account.password });
  await agent.api("GET", "/me");
  expect((await fetch(`${app.url}/api/v1/me`, { headers: { cookie: elsewhere } })).status).toBe(401);
});

test("signing in from another website's page is refused", async () => {
  const { email, password } = app.owner.account;
  const answer = await post(app.url, "/sign-in", { email, password }, { origin: "https://evil.example" });
  expect(await answer.json()).toMatchObject({ error: { code: "origin_not_allowed" } });
});

test.each([
  "password123",
  "1234567890",
  "qwertyuiop",
  "P@ssw0rd2024",
  "aaaaaaaaaaaa",
  "passwordpassword",
  "livechat123",
])("the password %s is refused wherever one is chosen, and nothing is used up", async common => {
  const { token } = await app.owner.api<{ token: string }>("POST", `/websites/${app.website.id}/invitations`, {
    role: "agent",
  });
  const account = { name: "Nora", email: `${newId()}@shop.example`, password: common };
  const { password } = app.owner.account;
  for (const [path, body, field] of [
    [`/invitations/${token}`, { account }, "account.password"],
    ["/me/password", { currentPassword: password, newPassword: common }, "newPassword"],
  ] as const) {
    const answer = await app.owner.call("POST", path, body);
    const message = expect.stringContaining(`${field}: is easy to guess`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_request", message } } });
  }
  const accepted = await post(app.url, `/invitations/${token}`, { account: { ...account, password } });
  expect(accepted.status).toBe(200);
});

test("a password made of the person's own name and address is refused", async () => {
  const { name, email } = app.owner.account;
  for (const own of [email, `${name} 1`, email.split("@")[0]!.repeat(2)]) {
    const change = { currentPassword: app.owner.account.password, newPassword: own };
    await expect(app.owner.api("POST", "/me/password", change)).rejects.toMatchObject({ code: "invalid_request" });
  }
});
