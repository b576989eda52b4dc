import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connect } from "#database/connect.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { startApp } from "#lab/actors/app.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { databaseUrl } from "#lab/clusters/global-setup.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { enableTls } from "#lab/clusters/tls.ts";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { normalizeDatabaseUrl } from "#platform/database-url.ts";
import { examineDatabase } from "./examine.ts";

/** of its own: it is demoted, and gets a certificate */

let cluster: ScratchCluster;
let certificate: string;
beforeAll(async () => {
  cluster = await startScratchCluster("18");
});
afterAll(async () => {
  await cluster.stop();
  if (certificate) rmSync(dirname(certificate), { recursive: true });
});

const examine = (url: string) => examineDatabase(normalizeDatabaseUrl(url, {}), { isWritten: true });

async function run(url: string, ...statements: string[]) {
  const client = new pg.Client(url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function createDatabase(clause: string, ...settings: string[]): Promise<string> {
  const name = `test_${Math.random().toString(36).slice(2)}`;
  await run(
    cluster.url,
    `create database ${name} ${clause}`,
    ...settings.map(setting => `alter database ${name} set ${setting}`),
  );
  return databaseUrl(cluster.url, name);
}

test("whatever the database's defaults are, people chat", async () => {
  const database = await createEmptyDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await run(
    database.url,
    ...[
      "datestyle = 'German, DMY'",
      "timezone = 'Asia/Kathmandu'",
      "intervalstyle = 'iso_8601'",
      "default_transaction_isolation = 'serializable'",
      "default_transaction_read_only = on",
      "client_encoding = 'LATIN1'",
      "standard_conforming_strings = off",
    ].map(setting => `alter database ${name} set ${setting}`),
  );
  const app = await startApp({ database });
  const agent = await app.agent();
  await Promise.all(
    Array.from({ length: 20 }, async (_, nth) => {
      const visitor = await app.visitor();
      const { conversation, message } = await visitor.send(`🙂 ${nth}`);
      expect(message.body).toBe(`🙂 ${nth}`);
      expect(Math.abs(Date.parse(message.createdAt) - Date.now())).toBeLessThan(60_000);
      await agent.send(conversation.id, "Hello");
      await agent.act(conversation.id, "resolve");
    }),
  );
  await app.stop();
  await database.drop();
});

test("PostgreSQL notices within half a minute that a server is gone, and frees its locks", async () => {
  const { pool, pipelines, close } = connect({ url: cluster.url, poolSize: 1, onError: () => {} });
  const names = ["tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout"];
  for (const each of [pool, pipelines]) {
    const settings = await Promise.all(names.map(name => each.query(`select current_setting('${name}') as value`)));
    expect(settings.map(({ rows }) => rows[0].value)).toEqual(["10", "5", "3", "25000"]);
  }
  await close();
});

test("a database that cannot store every letter is refused, with the line to run", async () => {
  const url = await createDatabase("encoding 'LATIN1' locale_provider libc locale 'C' template template0");
  await expect(examine(url)).rejects.toThrow(
    /encoding LATIN1.*create database prochat encoding 'UTF8' template template0;/,
  );
});

test("a standby is refused; a server whose database becomes one is not ready until it is promoted", async () => {
  const url = await createDatabase("");
  await migrate(url, { log: silent });
  const app = await startApp({ database: { url, drop: async () => {} } });
  const ready = async () => {
    const answer = await fetch(`${app.url}/ready`);
    return { status: answer.status, reason: ((await answer.json()) as { reason?: string }).reason };
  };
  expect(await ready()).toEqual({ status: 200 });
  await run(cluster.url, "copy (select '') to program 'cat > standby.signal'");
  await cluster.restart();
  await eventually(async () =>
    expect(await ready()).toMatchObject({ status: 503, reason: expect.stringContaining("read-only") }),
  );
  await expect(examine(url)).rejects.toThrow(/read-only, as a standby is\. Write the primary's address\./);
  await expect(examineDatabase(url, { isWritten: false })).resolves.toBe(url);
  await run(cluster.url, "select pg_promote()");
  await eventually(async () => expect(await ready()).toEqual({ status: 200 }));
  await app.stop();
});

test("sslmode means what libpq means", async () => {
  const plain = await examine(`${cluster.url}?sslmode=prefer`);
  expect(new URL(plain).searchParams.get("sslmode")).toBe("disable");
  await expect(examine(`${cluster.url}?sslmode=require`)).rejects.toThrow("does not encrypt: write sslmode=disable");

  certificate = await enableTls(cluster.url);
  const isEncrypted = async (query: string, host = "localhost") => {
    const url = Object.assign(new URL(cluster.url), { hostname: host }).href;
    const client = await connectDirectly(await examine(`${url}?${query}`));
    const { rows } = await client.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    await client.end();
    return rows[0].ssl;
  };
  await eventually(async () => expect(await isEncrypted("sslmode=require")).toBe(true));
  for (const query of ["sslmode=prefer", "sslmode=no-verify", `sslmode=verify-full&sslrootcert=${certificate}`])
    expect({ query, ssl: await isEncrypted(query) }).toEqual({ query, ssl: true });
  for (const query of ["", "sslmode=disable", "sslmode=allow"])
    expect({ query, ssl: await isEncrypted(query) }).toEqual({ query, ssl: false });

  const trusted = `sslrootcert=${certificate}`;
  expect(await isEncrypted(`sslmode=verify-ca&${trusted}`, "127.0.0.1")).toBe(true);
  expect(await isEncrypted(`sslmode=require&${trusted}`, "127.0.0.1")).toBe(true);
  await expect(isEncrypted(`sslmode=verify-full&${trusted}`, "127.0.0.1")).rejects.toThrow(/IP: 127\.0\.0\.1/);
  await expect(isEncrypted("sslmode=verify-full")).rejects.toThrow(/sslrootcert=.*or write sslmode=require/);
  await expect(isEncrypted("sslmode=require&sslrootcert=/nowhere.pem")).rejects.toThrow("/nowhere.pem");
  await expect(isEncrypted(`sslmode=require&sslrootcert=${import.meta.filename}`)).rejects.toThrow();
});

test("a socket is found by ?host=", async () => {
  const folder = mkdtempSync(join(tmpdir(), "prochat-sockets-"));
  chmodSync(folder, 0o777);
  const withSocket = await startScratchCluster("18", { unix_socket_directories: folder });
  onTestFinished(async () => {
    await withSocket.stop();
    rmSync(folder, { recursive: true });
  });
  const access = "local all all scram-sha-256', 'host all all 127.0.0.1/32 scram-sha-256";
  await run(withSocket.url, `copy (select unnest(array['${access}'])) to program 'cat > pg_hba.conf'`);
  await run(withSocket.url, "select pg_reload_conf()");
  const { port, username, password } = new URL(withSocket.url);
  const url = `postgres://${username}:${password}@/prochat?host=${folder}&port=${port}&sslmode=require`;
  const client = await eventually(async () => connectDirectly(await examine(url)));
  const { rows } = await client.query("select inet_client_addr() as address, current_database() as database");
  expect(rows).toEqual([{ address: null, database: "prochat" }]);
  await client.end();
  await expect(examine(url.replace(`port=${port}`, "port=1"))).rejects.toThrow(
    `nothing listens at the socket in ${folder}, port 1`,
  );
});

test("variables of libpq do not reach the embedded PostgreSQL", async () => {
  const variables = {
    PGSSLMODE: "require",
    PGSSLNEGOTIATION: "direct",
    PGOPTIONS: "-c search_path=nowhere",
    PGHOST: "192.0.2.1",
    PGPORT: "1",
    PGUSER: "nobody",
    PGPASSWORD: "wrong",
    PGDATABASE: "nowhere",
    PGAPPNAME: "other",
    PGREPLICATION: "true",
    PGCONNECT_TIMEOUT: "1",
    PGCLIENTENCODING: "LATIN1",
  };
  Object.assign(process.env, variables);
  onTestFinished(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const embedded = await startScratchCluster();
  onTestFinished(() => embedded.stop());
  const { pool, close } = connect({ url: embedded.url, poolSize: 1, onError: () => {} });
  const { rows } = await pool.query(`select current_setting('search_path') as path, current_user as name,
    current_setting('application_name') as program, current_setting('client_encoding') as encoding`);
  expect(rows).toEqual([{ path: '"$user", public', name: "prochat", program: "prochat", encoding: "UTF8" }]);
  await close();
});
