import { randomInt } from "node:crypto";
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { verifyBackup } from "#database/backup/base/verify.ts";
import { listBackups } from "#database/backup/repository.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { silent } from "#lab/programs/log.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { generate } from "#sample-data/generate.ts";
import { createRandom } from "#sample-data/random.ts";

const seed = Number(process.env.SEED ?? randomInt(1_000_000));
const moments = 20;
const maxWaitMs = 500;

test(`backup, PostgreSQL or store killed at ${moments} moments (SEED=${seed}): only complete ones are listed, no slot is left, the next run works`, async () => {
  const cluster = await startScratchCluster("18");
  onTestFinished(cluster.stop);
  await migrate(cluster.url, { log: silent });
  await generate(cluster.url, { messages: 2_000, websites: 2, months: 2 });
  const [dataDir, store] = [makeFolder(), join(makeFolder(), "store")];
  const env = { DATABASE_URL: cluster.url, DATA_DIR: dataDir };
  const backUp = async () => JSON.parse((await runCli(["backup", "--to", store, "--json"], { env })).stdout);
  const { id: first, repository: name } = await backUp();
  const listed = async () => (await listBackups({ storage: openFolder(store), name })).backups;
  const verified = new Set<string>();

  const random = createRandom(seed);
  for (let moment = 0; moment < moments; moment++) {
    const program = startProgram("src/cli/main.ts", ["backup", "--to", store], { env });
    await eventually(() => Promise.race([program.ended, requireBackup(cluster.url)]));
    await sleep(random.unit() * maxWaitMs);
    if (moment % 3 === 0) program.process.kill("SIGKILL");
    else if (moment % 3 === 1) await cluster.restart("SIGKILL");
    else await takeAway(store, () => program.ended);
    await program.ended;
    for (const backup of await listed()) {
      if (verified.has(backup.id)) continue;
      expect(await verifyBackup(backup, { identities: [] }), backup.id).toMatchObject({ outcome: "verified" });
      verified.add(backup.id);
    }
    expect([...verified]).toContain(first);
  }

  const left =
    "select (select count(*) from pg_replication_slots) + (select count(*) from pg_stat_replication) as left";
  await eventually(async () => expect(await ask(cluster.url, left)).toEqual([{ left: "0" }]));
  const base = join(store, "backups", name, "base");
  // As a kill between two files leaves it.
  cpSync(join(base, first), join(base, "20260101T000000Z-dead"), { recursive: true });
  rmSync(join(base, "20260101T000000Z-dead/backup.json"));
  expect((await listed()).map(({ id }) => id)).not.toContain("20260101T000000Z-dead");
  const { id: last } = await backUp();
  const ids = (await listed()).map(({ id }) => id);
  expect(ids[0]).toBe(last);
  // A kill between making a folder and its first file leaves it empty: it holds nothing.
  const kept = readdirSync(base).filter(name => readdirSync(join(base, name)).length > 0);
  expect(kept.sort().reverse()).toEqual(ids);
});

/** @throws while no backup is being copied */
async function requireBackup(url: string): Promise<void> {
  expect(await ask(url, "select from pg_stat_progress_basebackup")).toHaveLength(1);
}

/** As a disk that is unmounted for as long as `meanwhile` takes. */
async function takeAway(folder: string, meanwhile: () => Promise<unknown>): Promise<void> {
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  await meanwhile();
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
}

const ask = (url: string, sql: string) => askDirectly(url, async client => (await client.query(sql)).rows);
