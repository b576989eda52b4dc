import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { createRole, query } from "#lab/clusters/schemas.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { readConfig } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import { startServer } from "#server/main.ts";

const versions = ["15", "18"] as const;
const clusters = {} as Record<(typeof versions)[number], ScratchCluster>;

beforeAll(async () => {
  for (const version of versions) clusters[version] = await startScratchCluster(version, { max_connections: "60" });
});
afterAll(async () => {
  for (const cluster of Object.values(clusters)) await cluster.stop();
});

let lastName = 0;

/** A database, and a role that may only connect to it. @returns the URLs of the superuser and of the role */
async function newDatabase(version: (typeof versions)[number]) {
  const name = `shop${++lastName}`;
  const { url } = clusters[version];
  await query(url, `create database ${name}`);
  onTestFinished(async () => void (await query(url, `drop database ${name} with (force)`)));
  const admin = Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return { name, admin, url: await createRole(admin, name, "") };
}

const env = (url: string) => ({ DATABASE_URL: url, DATA_DIR: makeFolder(), PORT: "0", DEMO_PORT: "off" });

/** All that a refused start could have left behind. */
const contents = (admin: string) =>
  query(
    admin,
    `select oid::regclass::text as name from pg_class where relnamespace::regnamespace::text !~ '^(pg_|information)'
     union all select nspname from pg_namespace where nspname !~ '^pg_' order by 1`,
  );

const history = "(id serial primary key, name varchar(255) not null, run_on timestamp not null)";
const grants = (name: string) =>
  `grant create on schema public to ${name}; grant create on database ${name} to ${name};`;

/** What is wrong with a database, what the start says, and what else must be done beside the SQL that it names. */
const cases: Record<string, { sql: (name: string) => string; says: RegExp }> = {
  "no CREATE on public": {
    sql: name => `revoke create on schema public from public; grant create on database ${name} to ${name}`,
    says: /^The role (\w+) may not create tables in the schema public\. As the database's owner run: (grant .*?;)/,
  },
  "no CREATE on the database": {
    sql: name => `grant create on schema public to ${name}`,
    says: /^The role (\w+) may not create the schema prochat_jobs, for the nightly jobs\. .* run: (grant .*?;)/,
  },
  "no schema on the search path": {
    sql: name => `${grants(name)} alter role ${name} set search_path = nowhere`,
    says: /^No schema of the search path \(nowhere\) (exists) and may be used\. .*owner: (create schema .*; alter .*?;)/,
  },
  "another program's pgmigrations": {
    sql: name =>
      `${grants(name)} create table pgmigrations ${history}; insert into pgmigrations values (1, 'theirs', now())`,
    says: /^The table (pgmigrations) in the schema public is of another program\. .* own: (create schema .*; alter .*?;)/,
  },
  "another program's tables": {
    sql: name => `${grants(name)} create table users (id integer); create type message_kind as enum ('sms')`,
    says: /^The schema public already has (message_kind, users), which .* own: (create schema .*; alter .*?;)/,
  },
  "few connections for the role": {
    sql: name => `${grants(name)} alter role ${name} connection limit 4`,
    says: /^The database has (4) connections left .* uses up to 17\. .* run: (alter role \w+ connection limit 28;)/,
  },
  "few connections for the database": {
    sql: name => `${grants(name)} alter database ${name} connection limit 5`,
    says: /^The database has (5) connections left .* run: (alter database \w+ connection limit 30;)/,
  },
  "another owner of the queue's schema": {
    sql: name => `${grants(name)} create schema prochat_jobs`,
    says: /^The schema prochat_jobs, for the nightly jobs, does not belong to the role (\w+)\. .* run: (alter schema .*?;)/,
  },
};

/** In this process: a program of its own takes four times the processor time, and only prints what this throws. */
async function start(url: string): Promise<void> {
  const server = await startServer(readConfig({ ...env(url), LOG_LEVEL: "error" }));
  await server.stop();
}

/** @returns what a refused start says, which is one line */
async function refusalOf(url: string): Promise<string> {
  const error = await start(url).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  const { message } = error as AppError;
  expect(message).not.toContain("\n");
  return message;
}

test.each(versions.flatMap(version => Object.keys(cases).map(what => [version, what] as const)))(
  "on PostgreSQL %s, %s: the start names the SQL, changes nothing before, and works after it",
  async (version, what) => {
    const { sql, says } = cases[what]!;
    const { name, admin, url } = await newDatabase(version);
    await query(admin, sql(name));
    const before = await contents(admin);
    const refusal = await refusalOf(url);
    expect(refusal).toMatch(says);
    expect(refusal).toMatch(/Nothing was changed\.[^\n]*$/);
    expect(await contents(admin)).toEqual(before);
    const doctor = await runCli(["doctor"], { env: env(url) });
    expect(doctor.stdout).toMatch(/^ {2}mend now {2}(Rights and connections|Migrations): /m);

    await query(admin, says.exec(refusal)![2]!);
    await start(url);
    // It takes three seconds of processor time: once a case.
    if (version === "18") return;
    const mended = await runCli(["doctor"], { env: env(url) });
    expect(mended.stdout).toMatch(/^ {2}done {6}Rights and connections: /m);
  },
);

test.each(versions)(
  "on PostgreSQL %s, prochat start prints the refusal as one line, and works after the SQL",
  async version => {
    const { sql, says } = cases["no CREATE on the database"]!;
    const { name, admin, url } = await newDatabase(version);
    await query(admin, sql(name));
    const { code, stdout, stderr } = await runCli(["start"], { env: env(url) });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(says) });
    expect(stderr).toMatch(/^[^\n]*Nothing was changed\.[^\n]*\n$/);

    await query(admin, says.exec(stderr)![2]!);
    const program = startProgram("src/cli/main.ts", ["start"], { env: env(url) });
    expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
    program.process.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
  },
);

test.each(versions)(
  "on PostgreSQL %s, tables that a restore gave to another role are named with the SQL",
  async version => {
    const { name, admin, url } = await newDatabase(version);
    await query(admin, grants(name));
    await migrate(admin, { log });
    await query(admin, `grant select on pgmigrations to ${name}`);
    const refusal = await refusalOf(url);
    expect(refusal).toMatch(/belong to the role prochat/);
    await query(admin, /superuser run: (.*;) Nothing/.exec(refusal)![1]!);
    await start(url);
  },
);

test("a newer graphile_worker of another program is left alone", async () => {
  const { name, admin, url } = await newDatabase("18");
  await query(
    admin,
    `${grants(name)} create schema graphile_worker;
     create table graphile_worker.migrations (id integer primary key, ts timestamptz, breaking boolean);
     insert into graphile_worker.migrations values (999999, now(), true)`,
  );
  await start(url);
});

test("connections that are enough to start but not for full load are a warning", async () => {
  const { name, admin, url } = await newDatabase("18");
  await query(admin, `${grants(name)} alter role ${name} connection limit 12`);
  const program = startProgram("src/cli/main.ts", ["start"], { env: env(url) });
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  program.process.kill("SIGTERM");
  expect((await program.ended).stderr).toMatch(/The database has 12 connections left .* uses up to 17\./);
});
