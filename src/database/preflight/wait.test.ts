import { expect, inject, onTestFinished, test } from "vitest";
import { askDirectly } from "#database/direct-connection.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { startTcpProxy } from "#lab/proxies/tcp-proxy.ts";
import { findFreePort } from "#server/http/listener.ts";
import { waitForDatabase } from "./wait.ts";

/** `prochat start` whose database is not reachable yet. */
async function startBeforeDatabase() {
  const database = await cloneDatabase();
  const proxy = await startTcpProxy(database.url);
  proxy.block(true);
  onTestFinished(async () => {
    await proxy.close();
    await database.drop();
  });
  const port = await findFreePort({ host: "127.0.0.1" });
  const url = Object.assign(new URL(database.url), { port: new URL(proxy.url).port }).href;
  const env = { PORT: String(port), DEMO_PORT: "off", DATA_DIR: makeFolder(), DATABASE_URL: url };
  const program = startProgram("src/cli/main.ts", ["start"], { env });
  let stderr = "";
  program.process.stderr!.on("data", chunk => {
    stderr += chunk;
  });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  await eventually(() =>
    expect(stderr).toContain("Waiting for the database, for 120 s more. The database postgres://"),
  );
  return { program, proxy, status };
}

test("a server that starts before its database waits, says so at once, and serves when it is up", async () => {
  const { program, proxy, status } = await startBeforeDatabase();
  expect(await status("/health")).toBe(200);
  expect(await status("/ready")).toBe(503);
  proxy.block(false);
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  expect(await status("/ready")).toBe(200);
  program.process.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0 });
});

test("SIGTERM ends a server that waits for its database", async () => {
  const { program } = await startBeforeDatabase();
  program.process.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0, stdout: "" });
});

test.each([
  ["nothing listens", { port: "1" }],
  ["an unknown host", { hostname: "nowhere.invalid" }],
])("%s: it gives up after a time, with the reason", async (_what, change) => {
  const { url, warnings, wait } = waitFor(change);
  await expect(wait(1_000)).rejects.toMatchObject({ code: "database_unreachable" });
  expect(warnings).toEqual([expect.stringMatching(/^Waiting for the database, for 1 s more\. The database /)]);
  expect(warnings[0]).not.toContain(new URL(url).password);
});

test.each([
  ["a wrong password", { password: "mistaken" }],
  ["an unknown database", { pathname: "/nothere" }],
])("%s is reported at once", async (_what, change) => {
  const { warnings, wait } = waitFor(change);
  await expect(wait(600_000)).rejects.toMatchObject({ code: "database_unreachable" });
  expect(warnings).toEqual([]);
});

function waitFor(change: Partial<URL>) {
  const { href: url } = Object.assign(new URL(inject("postgresUrl")), change);
  const warnings: string[] = [];
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message), error() {} };
  const { signal } = new AbortController();
  return {
    url,
    warnings,
    wait: (maxMs: number) => waitForDatabase(() => askDirectly(url, async () => {}), { log, signal, maxMs }),
  };
}
