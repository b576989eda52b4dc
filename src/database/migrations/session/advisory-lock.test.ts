import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase, createEmptyDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { migrate } from "../migrate.ts";
import { listMigrations, readMigration } from "../sql/files.ts";

/** A session that has taken the lock of migrations, as a pooler keeps it after its client has gone. */
async function leakLock(database: TestDatabase, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name: name });
  client.on("error", () => {}); // a test ends it
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
  await client.query("select pg_advisory_lock(7241865325823964)");
  return client;
}

/** `prochat start` with the default level of the log. */
function start(url: string) {
  const env = { DATABASE_URL: url, DATA_DIR: makeFolder(), PORT: "0", DEMO_PORT: "off" };
  const program = startProgram("src/cli/main.ts", ["start"], { env });
  let stderr = "";
  program.process.stderr!.on("data", chunk => {
    stderr += chunk;
  });
  return { program, stderr: () => stderr };
}

const held = (name: string) =>
  new RegExp(
    `lock for migrations is held by process (\\d+) of PostgreSQL: ${name}, from 127\\.0\\.0\\.1, connected since ` +
      "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, idle since \\d\\d:\\d\\d:\\d\\d\\..* end it: (select pg_terminate_backend\\(\\d+\\);)",
  );

test("a start that must wait for a migration names the lock's holder at once, and goes on when it is ended", async () => {
  const database = await createEmptyDatabase();
  const holder = await leakLock(database, "pgbouncer");
  const { program, stderr } = start(database.url);
  await eventually(() => expect(stderr()).toMatch(held("pgbouncer")));
  const [, pid, sql] = held("pgbouncer").exec(stderr())!;
  const { rows } = await holder.query("select pg_backend_pid()::text as pid");
  expect(rows).toEqual([{ pid }]);

  const admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(sql!);
  await admin.end();
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  program.process.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0 });
});

test("a start with nothing to migrate does not wait for the lock", async () => {
  const database = await cloneDatabase();
  await leakLock(database, "pgbouncer");
  const { program, stderr } = start(database.url);
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  program.process.kill("SIGTERM");
  await program.ended;
  expect(stderr()).toBe("");
});

test("a start during an undo waits for its end, and migrates again", async () => {
  const database = await cloneDatabase();
  const undo = await leakLock(database, "prochat migrate");
  await undo.query("select pg_advisory_lock_shared(7241865325823965)");
  const { program, stderr } = start(database.url);
  await eventually(() => expect(stderr()).toMatch(held("prochat migrate")));
  const { name, down } = await readMigration((await listMigrations()).at(-1)!);
  for (const { text } of down!) await undo.query(text);
  await undo.query("delete from pgmigrations where name = $1", [name]);
  await undo.query("select pg_advisory_unlock_all()");
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  program.process.kill("SIGTERM");
  await program.ended;
  expect(await migrate(database.url, { log })).toEqual([]);
});

test("SIGTERM ends a start that waits for the lock", async () => {
  const database = await createEmptyDatabase();
  await leakLock(database, "pgbouncer");
  const { program, stderr } = start(database.url);
  await eventually(() => expect(stderr()).toMatch(held("pgbouncer")));
  program.process.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0, stdout: "" });
});
