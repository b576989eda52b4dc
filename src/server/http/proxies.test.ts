import { expect, onTestFinished, test } from "vitest";
import { startApp } from "#lab/actors/app.ts";
import { runCli } from "#lab/programs/programs.ts";

async function startBehind(env: Record<string, string>) {
  const app = await startApp({ env });
  onTestFinished(() => app.stop());
  const signIn = async (forwardedFor: string, email = app.owner.account.email) => {
    const response = await fetch(`${app.url}/api/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": forwardedFor },
      body: JSON.stringify({ email, password: "wrong password" }),
    });
    return response.status;
  };
  return { app, signIn };
}

const many = Array.from({ length: 12 }, (_, i) => i + 1);

test("a client that makes up addresses is limited by the one that the proxy adds", async () => {
  const { signIn } = await startBehind({ TRUST_PROXY: "1" });
  const statuses = [];
  for (const i of many) statuses.push(await signIn(`198.51.100.${i}, 192.0.2.1`));
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  expect(await signIn("192.0.2.2")).toBe(401);
});

test("addresses of one IPv6 network are limited together", async () => {
  const { signIn } = await startBehind({ TRUST_PROXY: "127.0.0.1" });
  const statuses = [];
  for (const i of many) statuses.push(await signIn(`[2001:db8::${i}]:443`));
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  expect(await signIn("2001:db8:0:1::1")).toBe(401);
});

test("the audit log has the address that the proxy adds", async () => {
  const { app, signIn } = await startBehind({ TRUST_PROXY: "1" });
  await signIn("198.51.100.1, 2001:db8::7");
  const { rows } = await app.sql.query("select ip from audit_log where action = 'account.sign_in_failed'");
  expect(rows).toEqual([{ ip: "2001:db8:0::/48" }]);
});

test("a proxy that shows without TRUST_PROXY is reported by the server and by doctor", async () => {
  const { app, signIn } = await startBehind({});
  const ready = async () => (await fetch(`${app.url}/ready`)).json();
  expect(await ready()).not.toHaveProperty("warning");
  await signIn("192.0.2.1");
  expect(await ready()).toMatchObject({
    status: "ready",
    warning: expect.stringMatching(/x-forwarded-for.*Set TRUST_PROXY to the number of proxies/),
  });
  const env = { PORT: new URL(app.url).port, DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir };
  const problemOf = async (further: Record<string, string>) => {
    const { stdout } = await runCli(["doctor", "--json"], { env: { ...env, ...further } });
    return JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === "address");
  };
  expect(await problemOf({})).toMatchObject({ ok: false, detail: expect.stringContaining("x-forwarded-for") });
  expect(await problemOf({ PORT: "1", PUBLIC_URL: "https://chat.example.com" })).toMatchObject({
    ok: false,
    detail: expect.stringContaining("PUBLIC_URL is https://chat.example.com, but TRUST_PROXY is not set."),
  });
  expect(await problemOf({ PORT: "1", PUBLIC_URL: "https://chat.example.com", TRUST_PROXY: "off" })).toMatchObject({
    ok: true,
  });
});
