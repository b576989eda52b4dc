import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import { createOwner } from "#lab/actors/app.ts";
import { createVisitor } from "#lab/actors/people.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { startTcpProxy, type TcpProxy } from "#lab/proxies/tcp-proxy.ts";
import { readConfig } from "#platform/config.ts";
import { startServer } from "#server/main.ts";

/** Connections to the database whose packets are dropped in silence, while new connections work. */

let database: TestDatabase;
let proxy: TcpProxy;
let url: string;

beforeEach(async () => {
  database = await cloneDatabase();
  proxy = await startTcpProxy(database.url);
  url = Object.assign(new URL(database.url), { port: new URL(proxy.url).port }).href;
});
afterEach(async () => {
  await proxy.close();
  await database.drop();
});

test("after one wait, all queries work on new connections", async () => {
  const { pool, pipelines, close } = connect({ url, poolSize: 4, onError: () => {} });
  const ask = () => Promise.all([1, 2, 3, 4].map(() => pool.query("select pg_sleep(0.1)")));
  await Promise.all([ask(), pipelines.query("select 1")]);
  proxy.dropSilently();
  await expect(pool.query("select 1")).rejects.toThrow(/did not answer for [56] s/);
  expect([pool.totalCount, pipelines.totalCount]).toEqual([0, 0]); // the idle ones too
  await Promise.all([ask(), pipelines.query("select 1")]);
  await close();
});

test("a statement that takes long goes on; through a pooler, silence ends after 30 s", async () => {
  const direct = connect({ url, poolSize: 2, onError: () => {} });
  const pooled = connect({ url: `${url}?pooler=session`, poolSize: 2, onError: () => {} });
  await pooled.pool.query("select 1");
  proxy.dropSilently();
  const silent = pooled.pool.query("select 1");
  await Promise.all([
    direct.pool.query("select pg_sleep(12)"),
    direct.pipelines.query("select pg_sleep(12)"),
    expect(silent).rejects.toThrow("did not answer for 30 s"),
  ]);
  await pooled.pool.query("select 1");
  await Promise.all([direct.close(), pooled.close()]);
});

test("closing does not wait for dead connections", async () => {
  const { pool, close } = connect({ url, poolSize: 2, onError: () => {} });
  const client = await connectDirectly(url);
  const [used] = await Promise.all([pool.connect(), pool.query("select 1")]);
  proxy.dropSilently();
  const waiting = used.query("select 1").catch((error: Error) => error.message);
  waiting.then(() => used.release());
  await Promise.all([close(), client.end()]);
  expect(await waiting).toMatch(/did not answer for [123] s/);
});

test("a server serves again, and stops", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-silent-"));
  const config = { PORT: "0", DEMO_PORT: "off", LOG_LEVEL: "error", DATA_DIR: dataDir, DATABASE_URL: url };
  const server = await startServer(readConfig(config));
  const owner = await createOwner(server.url, server.setupCode);
  const visitor = await createVisitor(server.url, { websiteKey: owner.me.websites[0]!.publicKey });
  await visitor.send("Before");
  proxy.dropSilently();
  const [sent] = await Promise.all([eventually(() => visitor.send("After")), eventually(() => owner.inbox())]);
  expect(sent.message.body).toBe("After");

  proxy.dropSilently();
  const inbox = owner.inbox().catch(error => error);
  await eventually(async () =>
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/pool="queries",state="busy".* [1-9]/),
  );
  await server.stop();
  expect(await inbox).toBeInstanceOf(Error);
  rmSync(dataDir, { recursive: true });
});
