import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect } from "#database/connect.ts";
import { examineDatabase } from "#database/connection/examine.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { cloneDatabase, createEmptyDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { silent } from "#lab/programs/log.ts";
import { type PgBouncer, startPgBouncer } from "#lab/programs/pgbouncer.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { AgentPage } from "#protocol/messages.ts";

/** A server whose DATABASE_URL leads to PgBouncer 1.18 in transaction mode. */

let pgbouncer: PgBouncer;
let database: TestDatabase;
beforeAll(async () => {
  pgbouncer = await startPgBouncer(inject("postgresUrl"));
  database = await cloneDatabase();
});
afterAll(async () => {
  await database.drop();
  await pgbouncer.stop();
});

const examine = (url: string) => examineDatabase(url, { isWritten: true });

test("people chat through it at once", async () => {
  const app: App = await startApp({ env: { DATABASE_URL: pgbouncer.urlOf(database.url) }, database });
  const agent = await app.agent();
  const visitors = await Promise.all(Array.from({ length: 20 }, () => app.visitor()));
  await Promise.all(
    visitors.map(async visitor => {
      const { conversation } = await visitor.send("One 🙂");
      for (const body of ["Two", "Three"]) await visitor.send(body, { conversationId: conversation.id });
      await agent.send(conversation.id, "Four");
      await agent.act(conversation.id, "resolve");
      const path = `/websites/${app.website.id}/conversations/${conversation.id}/messages`;
      const { messages } = await agent.api<AgentPage>("GET", path);
      expect(messages.map(({ body, kind }) => (kind === "event" ? kind : body))).toEqual([
        "One 🙂",
        "Two",
        "Three",
        "Four",
        "event",
      ]);
    }),
  );
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);
  await app.stop();
});

test("its mode is found, and whether statements under a name hold", async () => {
  const found = async (url: string) => {
    const { searchParams } = new URL(await examine(url));
    return [searchParams.get("pooler"), searchParams.get("prepare")];
  };
  expect(await found(database.url)).toEqual([null, null]);
  expect(await found(pgbouncer.urlOf(database.url))).toEqual(["transaction", "false"]);
  const ignored = [
    "default_transaction_isolation,default_transaction_read_only,tcp_user_timeout",
    "tcp_keepalives_idle,tcp_keepalives_interval,tcp_keepalives_count",
  ];
  const variants: Record<string, string>[] = [
    { server_round_robin: "1" },
    { default_pool_size: "1" },
    { ignore_startup_parameters: ignored.join() },
  ];
  for (const settings of variants) {
    const other = await startPgBouncer(database.url, settings);
    expect(await found(other.urlOf(database.url))).toEqual(["transaction", "false"]);
    await other.stop();
  }
  const inSessionMode = await startPgBouncer(database.url, { pool_mode: "session" });
  expect(await found(inSessionMode.urlOf(database.url))).toEqual(["session", null]);
  await inSessionMode.stop();
});

test("the options of a URL, which it refuses, are named", async () => {
  const url = `${pgbouncer.urlOf(database.url)}?options=-c%20search_path%3Dchat`;
  await expect(examine(url)).rejects.toThrow(/pooler .* refuses "options".*alter role prochat set/);
});

test("its mode is found while others use it", async () => {
  const { pool, close } = connect({
    url: await examine(pgbouncer.urlOf(database.url)),
    poolSize: 20,
    onError: () => {},
  });
  let isBusy = true;
  const load = Array.from({ length: 20 }, async () => {
    while (isBusy) await pool.query("select pg_sleep(0.005)");
  });
  for (let round = 0; round < 5; round++) {
    expect(new URL(await examine(pgbouncer.urlOf(database.url))).searchParams.get("prepare")).toBe("false");
  }
  isBusy = false;
  await Promise.all(load);
  await close();
});

test("sessions have what the program relies on, or the start says which line to run", async () => {
  const { pool, close } = connect({ url: database.url, poolSize: 1, onError: () => {} });
  const name = new URL(database.url).pathname.slice(1);
  await pool.query(`alter database ${name} set datestyle = 'German'`);
  await pool.query(`alter database ${name} set timezone = 'Asia/Jakarta'`);
  const own = await startPgBouncer(database.url);
  const through = connect({ url: await examine(own.urlOf(database.url)), poolSize: 1, onError: () => {} });
  const { rows } = await through.pool.query("select '2026-10-01'::timestamptz::text as at, now() as now");
  expect(rows[0].at).toBe("2026-10-01 00:00:00+00");
  expect(rows[0].now).toBeInstanceOf(Date);
  await through.close();

  await pool.query(`alter database ${name} set default_transaction_isolation = 'serializable'`);
  const fresh = await startPgBouncer(database.url);
  await expect(examine(fresh.urlOf(database.url))).rejects.toThrow(
    `Run: alter role prochat in database ${name} set default_transaction_isolation = 'read committed';`,
  );
  await pool.query(`alter database ${name} reset all`);
  await Promise.all([own.stop(), fresh.stop(), close()]);
});

test("with PostgreSQL's own address a server migrates, runs its jobs and serves through it", async () => {
  const empty = await createEmptyDatabase();
  const env = { DATABASE_URL: pgbouncer.urlOf(empty.url), DIRECT_DATABASE_URL: empty.url };
  const app = await startApp({ env, database: empty });
  const { conversation } = await (await app.visitor()).send("Hello");
  const { url } = app;
  await app.owner.api("DELETE", `/websites/${app.website.id}/conversations/${conversation.id}`, {});
  const { code, stdout } = await runCli(["undo", conversation.id], { env: { ...env, DATA_DIR: app.dataDir } });
  expect([code, stdout]).toEqual([0, expect.stringContaining("is back")]);
  // By a job of the server, which the command line adds.
  const socket = await app.owner.socket();
  await runCli(["reset-password", app.owner.account.email], { env: { ...env, DATA_DIR: app.dataDir } });
  expect(await socket.closed).toMatchObject({ reason: "not_signed_in" });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  await app.stop();
  await empty.drop();
});

test("an own address that leads to another database is refused", async () => {
  const other = await cloneDatabase();
  const env = { DATABASE_URL: pgbouncer.urlOf(database.url), DIRECT_DATABASE_URL: other.url };
  await expect(startApp({ env, database })).rejects.toThrow(/lead to different databases/);
  await other.drop();
});

test("nothing is migrated through it", async () => {
  const empty = await createEmptyDatabase();
  const url = await examine(pgbouncer.urlOf(empty.url));
  await expect(migrate(url, { log: silent })).rejects.toThrow(/pooler in transaction mode.*Set DIRECT_DATABASE_URL/);
  await migrate(empty.url, { log: silent });
  expect(await migrate(url, { log: silent })).toEqual([]);
  await empty.drop();
});
