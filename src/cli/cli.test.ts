import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { startApp } from "#lab/actors/app.ts";
import { cloneDatabase, createEmptyDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { startRedis } from "#lab/programs/redis.ts";
import { startS3Server } from "#lab/programs/s3-server.ts";

const configFile = "src/platform/config.ts";

test.each([
  ["--help"],
  ["start", "--help"],
  ["migrate", "--help"],
  ["migrate", "status", "--help"],
  ["migrate", "undo", "--help"],
  ["doctor", "--help"],
  ["verify", "--help"],
  ["partitions", "--help"],
  ["export", "--help"],
  ["audit", "--help"],
  ["backup", "--help"],
  ["backup", "list", "--help"],
  ["backup", "verify", "--help"],
  ["backup", "key", "--help"],
  ["restore", "--help"],
  ["drill", "--help"],
  ["operators", "--help"],
  ["reset-password", "--help"],
])("help: prochat %s %s %s", async (...args) => {
  const { code, stdout, stderr } = await runCli(args.filter(arg => arg !== undefined));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: prochat/);
});

test.each([
  [[]],
  [["nonsense"]],
  [["migrate", "nonsense"]],
  [["doctor", "--nonsense"]],
  [["backup", "--max-rate", "0"]],
  [["start", "nonsense"]],
  [["reset-password"]],
])("wrong usage has status 2: prochat %j", async args => {
  const { code, stdout } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("an invalid setting is named in one line, with status 1", async () => {
  expect(await runCli(["doctor"], { env: { PORT: "eighty" } })).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^PORT is "eighty"[^\n]*\n$/),
  });
});

test("migrate, status and undo report what they did, for people and as JSON", async () => {
  const env = { DATABASE_URL: await empty(), DATA_DIR: makeFolder() };
  expect(await json(["migrate", "status"], env)).toEqual({
    migrations: expect.arrayContaining([{ name: "0001_chat", appliedAt: null, known: true }]),
  });
  const { applied } = await json(["migrate"], env);
  expect(applied[0]).toBe("0001_chat");
  expect((await runCli(["migrate"], { env })).stdout).toBe("The database is up to date.\n");
  expect((await runCli(["migrate", "status"], { env })).stdout).toMatch(/^0001_chat {2}applied \d{4}-/);
  expect((await runCli(["migrate", "undo"], { env })).stdout).toBe(`Undid ${applied.at(-1)}.\n`);
  expect(await json(["migrate"], env)).toEqual({ applied: [applied.at(-1)] });
});

test("a database newer than the program is refused by migrate and shown by status, with status 1", async () => {
  const env = { DATABASE_URL: await migrated(), DATA_DIR: makeFolder() };
  await query(env.DATABASE_URL, "insert into pgmigrations (name, run_on) values ('9999_future', now())");
  expect(await runCli(["migrate"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/newer.*9999_future/),
  });
  expect(await runCli(["migrate", "status"], { env })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/9999_future.*not of this version/),
  });
});

test("an unreachable database is named without its password, in one line; only debug prints a stack", async () => {
  const env = { DATABASE_URL: "postgres://prochat:hunter2@127.0.0.1:1/chat", DATA_DIR: makeFolder() };
  const { code, stderr } = await runCli(["migrate"], { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The database postgres:\/\/prochat:\*\*\*@127\.0\.0\.1:1\/chat [^\n]*\n$/);
  const debug = await runCli(["migrate"], { env: { ...env, LOG_LEVEL: "debug" } });
  expect(debug.stderr).toMatch(/\n\s+at /);
  expect(debug.stderr).not.toContain("hunter2");
});

test("the commands use the embedded database if it runs, and start it otherwise", async () => {
  const dataDir = join(makeFolder(), "data");
  const env = { DATA_DIR: dataDir };
  const { applied } = await json(["migrate"], env);

  const running = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  onTestFinished(() => void running.process.kill("SIGTERM"));
  await running.firstLine;
  const pid = () => readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0];
  const before = pid();
  const { migrations } = await json(["migrate", "status"], env);
  expect(migrations.map((state: { name: string }) => state.name)).toEqual(applied);
  expect(pid()).toBe(before);

  running.process.kill("SIGTERM");
  await running.ended;
  expect((await runCli(["migrate", "status"], { env })).code).toBe(0);
});

test("doctor finds no problem in a healthy installation, and masks its secrets", async () => {
  const url = new URL(await migrated());
  const env = {
    DATABASE_URL: url.href,
    DATA_DIR: makeFolder(),
    METRICS_TOKEN: "a-token-of-23-characters",
    BACKUPS: "off",
  };
  const { configuration, checks, checklist } = await json(["doctor"], env);
  const areas = checklist.map(({ area }: { area: string }) => area);
  expect([...new Set(areas)]).toEqual(["start", "database", "server", "backup", "security", "privacy", "monitoring"]);
  for (const { level, fix, what } of checklist) {
    expect(what).toMatch(/[.!?]$/);
    if (level === "warn") expect(fix).not.toBeNull();
  }
  expect(checks.map((check: { name: string }) => check.name)).toEqual([
    "node",
    "data folder",
    "database",
    "rights and connections",
    "migrations",
    "queries, indexes, partitions",
    "backups",
    "statements",
    "storage",
    "address",
  ]);
  expect(checks.every((check: { ok: boolean }) => check.ok)).toBe(true);
  expect(JSON.stringify(configuration)).not.toContain(`:${url.password}@`);
  expect(JSON.stringify(configuration)).not.toContain(env.METRICS_TOKEN);

  const { stdout } = await runCli(["doctor"], { env });
  for (const name of readFileSync(configFile, "utf8").match(/^ {2}[A-Z0-9_]+(?=:)/gm) ?? [])
    expect(stdout).toContain(name.trim());
  expect(stdout).toMatch(/^ {2}done {6}Queries, indexes, partitions: all \d+ queries use their indexes\.$/m);
  // This cluster does not force what it writes to the disk.
  expect(stdout.trim().split("\n").at(-1)).toMatch(/^\d+ things? to mend now, \d+ to do/);
  expect(stdout).toMatch(/^ {2}done {6}Months prepared: Partitions exist for the next \d months\.$/m);
});

test("doctor writes, reads and deletes a stored file, and warns of a bucket that keeps versions", async () => {
  const server = await startS3Server();
  onTestFinished(() => server.stop());
  const { endpoint, accessKeyId, secretAccessKey } = server;
  const env = { DATA_DIR: makeFolder(), DATABASE_URL: (await cloneDatabase()).url };
  const doctor = async (settings: Record<string, string>) =>
    (await runCli(["doctor"], { env: { ...env, ...settings } })).stdout;
  expect(await doctor({})).toContain(
    `done      Files, exports and backups: the folder ${env.DATA_DIR}/files, which the first file makes`,
  );
  expect(await doctor({ FILES_DIR: makeFolder() })).toMatch(
    /done {6}Files, exports and backups: the folder .*, written, read and deleted/,
  );
  const keys = { S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
  const good = await doctor({ ...keys, S3_BUCKET: await server.makeBucket() });
  expect(good).toMatch(/done {6}Files, exports and backups: the bucket .*, written, read and deleted/);
  expect(good).toMatch(/^S3_SECRET_ACCESS_KEY +\*\*\*/m);
  expect(good).not.toContain(secretAccessKey);
  const wrong = await doctor({ ...keys, S3_BUCKET: await server.makeBucket(), S3_SECRET_ACCESS_KEY: "wrong-secret" });
  expect(wrong).toMatch(
    /mend now {2}Files, exports and backups: .*403 SignatureDoesNotMatch\. Check S3_SECRET_ACCESS_KEY/,
  );
  const kept = await doctor({ ...keys, S3_BUCKET: await server.makeBucket({ keepsVersions: true }) });
  expect(kept).toMatch(/to do {5}What is deleted from the store is gone: .* keeps versions of what is deleted/);
});

test("doctor prints the version of Redis, or that it does not answer", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const env = { DATABASE_URL: await migrated(), DATA_DIR: makeFolder() };
  const url = (port: number) => `redis://default:hunter2@127.0.0.1:${port}`;
  const { stdout } = await runCli(["doctor"], { env: { ...env, REDIS_URL: url(redis.port) } });
  expect(stdout).toMatch(/^ {2}done {6}Redis: Redis \d+\.\d+\.\d+ at redis:\/\/default:\*\*\*@127/m);
  expect(stdout).not.toContain("hunter2");
  const failed = await runCli(["doctor"], { env: { ...env, REDIS_URL: url(1) } });
  expect(failed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^ {2}mend now {2}Redis: .*Check REDIS_URL/m),
  });
  expect(failed.stdout).not.toContain("hunter2");
});

test("doctor fails with the next step if migrations or partitions are missing", async () => {
  const unmigrated = { DATABASE_URL: await empty(), DATA_DIR: makeFolder() };
  expect(await runCli(["doctor"], { env: unmigrated })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^ {2}mend now {2}Migrations: .*0001_chat.* Run prochat migrate\.$/m),
  });

  const url = await migrated();
  const { rows } = await query(
    url,
    "select to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM') as month",
  );
  await query(url, `drop table messages_${rows[0].month}`);
  expect(await runCli(["doctor"], { env: { DATABASE_URL: url, DATA_DIR: makeFolder() } })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^failed {2}Partitions exist for 1 months ahead, 3 are needed\. Run prochat partitions\.$/m,
    ),
  });
});

test("doctor creates nothing", async () => {
  const dataDir = join(makeFolder(), "data");
  const { code, stdout } = await runCli(["doctor"], { env: { DATA_DIR: dataDir } });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {2}mend now {2}Data folder: .* does not exist yet\. prochat start creates it\.$/m);
  expect(() => readFileSync(dataDir)).toThrow(/ENOENT/);
});

async function json(args: string[], env: Record<string, string>) {
  const { stdout, stderr } = await runCli([...args, "--json"], { env });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

async function empty(): Promise<string> {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

async function migrated(): Promise<string> {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

test("undo refuses to delete rows without --yes", async () => {
  const env = { DATABASE_URL: await migrated(), DATA_DIR: makeFolder() };
  await query(
    env.DATABASE_URL,
    `insert into websites (name, public_key, identity_secret, allowed_origins) values ('Shop', 'k', 's', '{}');
     insert into visitors (website_id, id) select id, gen_random_uuid() from websites;
     insert into conversations (website_id, id, visitor_id) select website_id, gen_random_uuid(), id from visitors`,
  );
  expect(await runCli(["migrate", "undo"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The table public\.websites has rows.*--yes\.$/m),
  });
  expect(await runCli(["migrate", "undo", "--yes"], { env })).toMatchObject({ code: 0 });
});

test("a reset password ends the agent's sockets at once", async () => {
  // Heartbeats would end them too, some seconds later.
  vi.useFakeTimers({ toFake: ["setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const app = await startApp();
  onTestFinished(() => app.stop());
  const socket = await app.owner.socket();
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  await json(["reset-password", app.owner.account.email], env);
  expect(await socket.closed).toMatchObject({ code: 4401 });
});

test("a forgotten password is replaced, and signs in", async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() };
  const { email } = app.owner.account;
  const { password } = await json(["reset-password", email.toUpperCase()], env);
  await expect(app.owner.api("GET", "/me")).rejects.toMatchObject({ code: "not_signed_in" });
  await expect(app.owner.signIn()).rejects.toMatchObject({ code: "wrong_credentials" });
  await app.owner.api("POST", "/sign-in", { email, password });
  expect(await runCli(["reset-password", "nobody@shop.example"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("No agent has the address nobody@shop.example"),
  });
});
