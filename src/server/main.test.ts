import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { startApp } from "#lab/actors/app.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { startProgram } from "#lab/programs/programs.ts";

const start = (env: Record<string, string>) => startProgram("src/cli/main.ts", ["start"], { env });

async function takePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test.each(["PORT", "DEMO_PORT"])("a taken %s is reported in one line, and nothing keeps running", async name => {
  const port = await takePort();
  const dataDir = makeFolder();
  const env = { PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir, [name]: String(port) };
  const { code, stdout, stderr } = await start(env).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken[^\\n]*\\n$`));
  const again = start({ ...env, [name]: name === "PORT" ? "0" : "off" });
  await again.firstLine;
  again.process.kill("SIGTERM");
  expect(await again.ended).toMatchObject({ code: 0, stderr: "" });
});

test("it prints one line, with the set-up code until it is used, and stops without output", async () => {
  const program = start({ PORT: "0", DEMO_PORT: "0", DATA_DIR: makeFolder() });
  const line = await program.firstLine;
  const address = new URL(/http:\S+$/.exec(line)![0]);
  expect(address.searchParams.get("code")).toMatch(/^[\w-]{16}$/);
  expect(await (await fetch(new URL("/ready", address))).json()).toMatchObject({ status: "ready" });
  program.process.kill("SIGINT");
  expect(await program.ended).toEqual({ code: 0, stdout: `${line}\n`, stderr: "" });
});

test("it is not ready while its database is down, gives the reason, and recovers by itself", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  const admin = new pg.Client(app.databaseUrl.replace(/\/[^/]*$/, "/postgres"));
  await admin.connect();
  onTestFinished(() => admin.end());
  const name = new URL(app.databaseUrl).pathname.slice(1);
  const ready = async () => {
    const answer = await fetch(`${app.url}/ready`);
    return { status: answer.status, body: await answer.json() };
  };
  expect(await ready()).toMatchObject({ status: 200, body: { status: "ready" } });
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
  expect(await ready()).toEqual({
    status: 503,
    body: { status: "unavailable", reason: expect.stringContaining("does not answer") },
  });
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  expect(await app.owner.call("GET", "/me")).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
  await admin.query(`alter database ${name} allow_connections true`);
  await eventually(async () => expect((await ready()).status).toBe(200));
  await app.owner.api("GET", "/me");

  await app.sql.query("delete from pgmigrations where name = '0001_chat'");
  expect(await ready()).toMatchObject({ status: 503, body: { reason: expect.stringContaining("0001_chat") } });
});

test("pages of other websites may read the widget's answers only; the dashboard runs no foreign script", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  const origin = "https://shop.example";
  const website = await fetch(`${app.url}/api/v1/widget/websites/${app.website.publicKey}`, { headers: { origin } });
  expect(website.headers.get("access-control-allow-origin")).toBe(origin);
  expect(website.headers.get("access-control-allow-credentials")).toBeNull();
  const preflight = await fetch(`${app.url}/api/v1/widget/session`, { method: "OPTIONS", headers: { origin } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  const me = await fetch(`${app.url}/api/v1/me`, { headers: { origin } });
  expect(me.headers.get("access-control-allow-origin")).toBeNull();

  const nonces = new Set<string>();
  for (const path of ["/", "/w/1/inbox/all"]) {
    const page = await fetch(`${app.url}${path}`);
    const policy = page.headers.get("content-security-policy")!;
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe/);
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    expect(await page.text()).toContain(nonce);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
  const loader = await fetch(`${app.url}/widget.js`);
  expect(loader.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect((await fetch(`${app.url}/nothing.js`)).status).toBe(404);
});

test("every refusal has the same shape, whatever the reason", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  const json = { "content-type": "application/json" };
  const requests: [string, RequestInit, number, string][] = [
    ["/api/v1/sign-in", { method: "POST", headers: json, body: "{" }, 400, "invalid_request"],
    ["/api/v1/sign-in", { method: "POST", headers: json, body: '{"email":1}' }, 400, "invalid_request"],
    ["/api/v1/sign-in", { method: "POST", headers: json, body: `"${"x".repeat(70_000)}"` }, 413, "payload_too_large"],
    [
      "/api/v1/sign-in",
      { method: "POST", headers: { "content-type": "text/xml" }, body: "<a/>" },
      400,
      "invalid_request",
    ],
    ["/api/v1/nothing", {}, 404, "not_found"],
    ["/api/v1/me", { method: "DELETE" }, 405, "method_not_allowed"],
    ["/api/v1/websites/9999999999999/inbox", {}, 401, "not_signed_in"],
    ["/api/v1/%00", {}, 404, "not_found"],
    ["/api/v1/%zz", {}, 400, "invalid_request"],
  ];
  for (const [path, init, status, code] of requests) {
    const answer = await fetch(`${app.url}${path}`, init);
    const body = (await answer.json()) as { error: { details?: unknown } };
    delete body.error.details;
    expect({ path, status: answer.status, body }).toEqual({
      path,
      status,
      body: { error: { code, message: expect.any(String) } },
    });
  }
  for (const id of ["0", "-1", "1.5", "9999999999999", "abc", "1%27%20or%201=1"]) {
    expect((await app.owner.call("GET", `/websites/${id}/inbox`)).status).toBe(404);
  }
});
