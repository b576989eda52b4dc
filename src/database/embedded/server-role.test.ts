import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectForReplication } from "#database/connection/replication.ts";
import { query } from "#lab/clusters/schemas.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { chooseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { createCluster } from "./cluster.ts";
import { openDataFolder } from "./data-folder.ts";
import { borrowDatabase } from "./open-database.ts";
import { startPostmaster } from "./postmaster.ts";
import { initdbArgs, required } from "./settings.ts";

async function startServer(dataDir: string) {
  const program = startProgram("src/cli/main.ts", ["start"], {
    env: { PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir },
  });
  onTestFinished(() => void program.process.kill("SIGKILL"));
  expect(await program.firstLine).toMatch(/^Pro LiveChat is ready/);
  const { url } = await borrowDatabase({ dataDir, databaseUrl: null, log });
  return {
    url,
    async stop() {
      program.process.kill("SIGTERM");
      expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
    },
  };
}

/** What the superuser owns outside of PostgreSQL's own schemas and of extensions, and who the owners of all others are. */
const owners = `
  select distinct owner::regrole::text as owner
  from (
    select relowner as owner, relnamespace as space, oid from pg_class
    union all select proowner, pronamespace, oid from pg_proc
    union all select typowner, typnamespace, oid from pg_type
    union all select nspowner, oid, oid from pg_namespace where nspname <> 'public'
  ) as objects
  where space in (select oid from pg_namespace where nspname !~ '^(pg_|information_schema)')
    and oid not in (select objid from pg_depend where deptype = 'e')`;

test("the server and the command line use a role that is no superuser and cannot reach the machine", async () => {
  const dataDir = join(makeFolder(), "data");
  const server = await startServer(dataDir);
  const sessions = await query(
    server.url,
    "select distinct usename from pg_stat_activity where datname = 'prochat' and backend_type = 'client backend'",
  );
  expect(sessions).toEqual([{ usename: "prochat_server" }]);
  expect(
    await query(server.url, "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"),
  ).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
  for (const statement of [
    "copy (select 1) to program 'true'",
    "copy websites from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "alter system set fsync = off",
    "set session authorization prochat",
    "select rolpassword from pg_authid",
  ])
    await expect(query(server.url, statement), statement).rejects.toMatchObject({ code: "42501" });
  expect(await query(server.url, owners)).toEqual([{ owner: "prochat_server" }]);

  const replication = await connectForReplication(server.url);
  expect((await replication.query("SHOW wal_level")).rows).toEqual([{ wal_level: "logical" }]);
  await replication.end();
  await server.stop();

  // As the commands start the database themselves.
  for (const args of [["doctor"], ["migrate", "undo"], ["migrate"], ["partitions", "--ahead", "12"], ["verify"]])
    expect(await runCli(args, { env: { DATA_DIR: dataDir } }), args.join(" ")).toMatchObject({ code: 0 });
});

test("what an earlier version made as the superuser is handed over at the start, and that version can start again", async () => {
  const dataDir = join(makeFolder(), "data");
  const folder = await openDataFolder(dataDir);
  const [dir, password] = [join(dataDir, "postgres"), folder.secrets.databasePassword];
  const binaries = await findBinaries();
  const account = await chooseAccount({ folder: dataDir, cluster: dir, program: binaries.postgres });
  await createCluster({ binaries, account, dir, password, initdbArgs });
  const start = { binaries, account, dir, password, logPath: join(dataDir, "postgres.log"), settings: required };
  const earlier = await startPostmaster(start);
  const env = { DATABASE_URL: earlier.url, DATA_DIR: makeFolder(), PORT: "0", DEMO_PORT: "off" };
  const old = startProgram("src/cli/main.ts", ["start"], { env });
  await old.firstLine;
  old.process.kill("SIGTERM");
  await old.ended;
  await query(
    earlier.url,
    `insert into websites (name, public_key, identity_secret, allowed_origins) values ('Shop', 'k', 's', '{}');
     create view shops as select name from websites; create sequence numbers; create extension pg_trgm`,
  );
  await earlier.stop();
  await folder.close();

  const server = await startServer(dataDir);
  expect(await query(server.url, owners)).toEqual([{ owner: "prochat_server" }]);
  expect(await query(server.url, "select name from shops")).toEqual([{ name: "Shop" }]);
  expect(await query(server.url, "select make_message_partitions('2031-01-01', 0) as made")).toEqual([{ made: 1 }]);
  await server.stop();

  const again = await startPostmaster(start);
  onTestFinished(() => again.stop());
  expect(await query(again.url, "select name from websites")).toEqual([{ name: "Shop" }]);
});
