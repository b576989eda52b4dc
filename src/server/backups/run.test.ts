import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBackups } from "#database/backup/schedule/open.ts";
import { listRuns, requestRun, startNextRun } from "#database/backup/schedule/runs.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { query } from "#lab/clusters/schemas.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent as log } from "#lab/programs/log.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { openPool } from "#lab/sql/pool.ts";
import { readConfig } from "#platform/config.ts";
import { runBackups } from "./run.ts";

const env = (dataDir: string) => ({ PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir, BACKUPS: "on" });

async function start(dataDir: string) {
  const program = startProgram("src/cli/main.ts", ["start"], { env: env(dataDir) });
  onTestFinished(() => void program.process.kill("SIGKILL"));
  await program.firstLine;
  const { url } = await borrowDatabase({ dataDir, databaseUrl: null, log });
  const runs = () =>
    query(url, "select kind, reason, outcome, detail, backup_id as backup from backup_runs order by started_at");
  return { program, url, runs };
}

test("while a backup runs on another server, no second one is asked for", async () => {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  const pool = openPool({ connectionString: database.url, max: 2 });
  onTestFinished(() => pool.end());
  const config = readConfig({ DATA_DIR: makeFolder(), DATABASE_URL: database.url, BACKUPS: "on" });
  const { repository } = await openBackups(config, pool);
  await requestRun(pool, { repository: repository.name, kind: "backup", reason: "schedule", by: null });
  expect(await startNextRun(pool, repository.name)).toMatchObject({ kind: "backup", finishedAt: null });
  await runBackups({ config, url: database.url, pool, log, signal: new AbortController().signal });
  expect(await listRuns(pool, repository.name, 10)).toHaveLength(1);
});

test("the first start makes a backup, reads it back and restores it in a drill; a killed run is over, and made again", async () => {
  const dataDir = join(makeFolder(), "data");
  const first = await start(dataDir);
  const succeeded = { reason: "schedule", outcome: "succeeded", detail: null, backup: expect.any(String) };
  await eventually(async () => {
    expect(await first.runs()).toEqual([
      { kind: "backup", ...succeeded },
      { kind: "drill", ...succeeded },
    ]);
  });
  const { stdout } = await runCli(["backup", "list", "--json"], { env: env(dataDir) });
  expect(stdout).toContain('"by":"drill","outcome":"verified"');
  expect(stdout).toContain('"by":"verify","outcome":"verified"');

  // As if the server had been killed two minutes ago in the middle of a run, and the last backup was made yesterday.
  await query(
    first.url,
    `update backup_runs set started_at = started_at - interval '25 hours' where kind = 'backup';
     insert into backup_runs (id, repository, kind, reason, started_at, progress_at)
     select gen_random_uuid(), repository, 'backup', 'person', now() - interval '20 minutes', now() - interval '3 minutes'
     from backup_runs
     limit 1`,
  );
  first.program.process.kill("SIGKILL");
  await first.program.ended;
  const second = await start(dataDir);
  await eventually(async () => {
    const runs = await second.runs();
    // The first server may have begun the next one before it was killed.
    expect(runs).toContainEqual(
      expect.objectContaining({ reason: "person", detail: "The server ended while it ran." }),
    );
    expect(runs.filter(({ kind, outcome }) => kind === "backup" && outcome === "succeeded")).toHaveLength(2);
  });
  second.program.process.kill("SIGTERM");
  expect(await second.program.ended).toMatchObject({ code: 0 });
});
