import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase, createEmptyDatabase } from "#lab/clusters/databases.ts";
import { createRole, query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";

type Env = Record<string, string>;

test("a PostgreSQL that somebody else runs is backed up, drilled, and restored into a folder", async () => {
  const cluster = await startScratchCluster("18");
  onTestFinished(cluster.stop);
  const env = { DATABASE_URL: cluster.url, DATA_DIR: makeFolder() };
  await json(["migrate"], env);
  await generate(cluster.url, { messages: 300, websites: 2, months: 2 });
  const made = await json(["backup"], env);
  expect(made).toMatchObject({ isEmbedded: false, role: "prochat" });
  expect(await json(["drill"], env)).toMatchObject({ outcome: "verified" });

  expect(await runCli(["restore", "latest"], { env })).toEqual(refused(/DATABASE_URL is set.*--into/));
  const into = join(makeFolder(), "data");
  await json(["restore", "latest", "--into", into], env);
  expect(readdirSync(join(into, "postgres"))).toContain("PG_VERSION");
  expect(existsSync(join(into, "postgres/recovery.signal"))).toBe(false);
});

test("a backup of another major version is kept, and the drill says why it cannot check it", async () => {
  const cluster = await startScratchCluster("15");
  onTestFinished(cluster.stop);
  const env = { DATABASE_URL: cluster.url, DATA_DIR: makeFolder() };
  await json(["migrate"], env);
  expect(await json(["backup"], env)).toMatchObject({ postgresMajor: 15 });
  expect(await json(["backup", "verify"], env)).toMatchObject({ outcome: "verified" });
  expect(await runCli(["drill"], { env })).toEqual(refused(/inconclusive.*PostgreSQL 15/));
});

test("a role that may not replicate, an empty database and wal_level minimal are refused, and nothing is listed", async () => {
  const migrated = await cloneDatabase();
  onTestFinished(migrated.drop);
  const role = await createRole(migrated.url, "cannot_replicate", "grant pg_read_all_data to cannot_replicate");
  const empty = await createEmptyDatabase();
  onTestFinished(empty.drop);
  const minimal = await startScratchCluster("18", { wal_level: "minimal", max_wal_senders: "0" });
  onTestFinished(minimal.stop);
  await json(["migrate"], { DATABASE_URL: minimal.url, DATA_DIR: makeFolder() });
  for (const [url, reason] of [
    [role, /may not replicate.*alter role "cannot_replicate" replication/],
    [empty.url, /is empty: there is nothing to back up/],
    [minimal.url, /wal_level is minimal/],
  ] as const) {
    const env = { DATABASE_URL: url, DATA_DIR: makeFolder() };
    expect(await runCli(["backup", "--method", "physical"], { env })).toEqual(refused(reason));
    expect(await runCli(["backup", "list"], { env })).toMatchObject({ code: 0, stdout: "" });
  }
  expect(await query(migrated.url, "select slot_name from pg_replication_slots")).toEqual([]);
});

const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^(?=[^\\n]*\\n$)[^\\n]*(?:${pattern.source})`));

const refused = (pattern: RegExp) => ({ code: 1, stdout: "", stderr: oneLine(pattern) });

async function json(args: string[], env: Env) {
  const { code, stdout, stderr } = await runCli([...args, "--json"], { env });
  expect({ code, stderr }, args.join(" ")).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
}
