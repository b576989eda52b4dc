import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { migrate } from "#database/migrations/migrate.ts";
import { query } from "#lab/clusters/schemas.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { keepLog } from "#lab/programs/log.ts";
import { runCli } from "#lab/programs/programs.ts";
import { type S3Server, startS3Server } from "#lab/programs/s3-server.ts";
import { type Fault, type FaultyProxy, startFaultyProxy } from "#lab/proxies/faulty-proxy.ts";
import { openBucket } from "#platform/storage/bucket.ts";
import { generate } from "#sample-data/generate.ts";
import { runBackup } from "./base/run-backup.ts";
import { verifyBackup } from "./base/verify.ts";
import { baseFolder, listBackups, type Repository, walFolder } from "./repository.ts";
import { expire, mayNotDelete } from "./schedule/expire.ts";
import { listTimeline } from "./wal/archive.ts";
import { parseLsn } from "./wal/positions.ts";
import { startReceiver } from "./wal/receiver.ts";

const keys = { recipients: [], identities: [] };
let server: S3Server;
let proxy: FaultyProxy;
let cluster: ScratchCluster;
beforeAll(async () => {
  server = await startS3Server();
  proxy = await startFaultyProxy(server.endpoint);
  cluster = await startScratchCluster("18", {}, { segmentMb: 1 });
  await migrate(cluster.url, { log: keepLog().log });
  await generate(cluster.url, { messages: 300, websites: 2, months: 2 });
});
afterAll(async () => {
  await cluster?.stop();
  await proxy?.close();
  await server?.stop();
});

async function setUp() {
  proxy.decide(() => null);
  const bucket = await server.makeBucket();
  const through = (endpoint: string) => openBucket({ ...server, endpoint, bucket, prefix: "", pauseMs: 5 });
  const { log, lines } = keepLog();
  const storage = through(proxy.url);
  const backUp = () =>
    runBackup({
      ...{ url: cluster.url, dataDir: makeFolder(), isEmbedded: false, copiesFiles: false, method: "physical" },
      ...{ storage, files: storage },
      ...{ packing: "zstd", recipients: [], keepUntil: null, log },
    });
  const env = {
    ...{ S3_ENDPOINT: proxy.url, S3_BUCKET: bucket, S3_REGION: server.region },
    ...{ S3_ACCESS_KEY_ID: server.accessKeyId, S3_SECRET_ACCESS_KEY: server.secretAccessKey },
  };
  return { backUp, env, lines, log, direct: through(server.endpoint) };
}

test("through a network with faults a bucket gives back what was backed up and archived since", async () => {
  const { backUp, env, log } = await setUp();
  const faults: Fault[] = ["503", "cut-answer", "cut-request", "lost-answer"];
  proxy.decide(({ number }) => (number % 5 === 0 ? faults[(number / 5) % faults.length]! : null));
  const { repository, manifest } = await backUp();
  const [listed] = (await listBackups(repository)).backups;
  expect(listed).toMatchObject({ id: manifest.id, verifications: [] });
  expect(await verifyBackup(listed!, keys)).toMatchObject({ outcome: "verified" });

  const archive = { storage: repository.storage, folder: walFolder(repository), cipher: null };
  const receiver = startReceiver({
    ...{ url: cluster.url, archive, slot: "in_bucket", log, partMs: 200 },
    ...{ prepare: async () => {}, onGap: async () => {} },
  });
  onTestFinished(() => receiver.stop());
  await query(cluster.url, "create table later as select repeat(md5(i::text), 20) from generate_series(1, 6000) as i");
  const [{ lsn } = {}] = await query(cluster.url, "select pg_current_wal_flush_lsn()::text as lsn");
  await eventually(async () => {
    const [slot] = await query(cluster.url, "select restart_lsn::text as at from pg_replication_slots");
    expect(parseLsn(`${slot!.at}`)).toBeGreaterThanOrEqual(parseLsn(`${lsn}`));
  });
  await receiver.stop();
  await query(cluster.url, "select pg_drop_replication_slot('in_bucket')");
  expect((await listTimeline(archive, 1)).segments.length).toBeGreaterThan(3);

  const into = join(makeFolder(), "data");
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, "--json"], { env: { ...env, DATA_DIR: makeFolder() } });
    expect({ code, stderr }, args.join(" ")).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  expect(await run("backup", "verify")).toMatchObject({ id: manifest.id, wal: { problems: [], known: 0 } });
  const { verified, known } = (await run("backup", "verify")).wal;
  expect(known).toBeGreaterThan(3); // only what is new is read again
  expect(verified).toBeLessThan(3);
  expect(await run("restore", "latest", "--into", into)).toMatchObject({ backup: manifest.id });
  await query(cluster.url, "drop table later");
});

test("a key that may not delete makes backups; what is old goes by another key", async () => {
  const { backUp, lines, direct } = await setUp();
  const { repository, manifest: first } = await backUp();
  // As a backup that was killed has left it.
  await repository.storage.put(`${baseFolder(repository, "20260101T000000Z-dead")}base.tar.zst`, Buffer.from("half"));
  proxy.decide(({ method }) => (method === "DELETE" ? "denied" : null));
  const { manifest: second } = await backUp();
  expect(lines).toEqual([expect.stringMatching(/20260101T000000Z-dead has written could not be deleted.*403/)]);
  const { backups } = await listBackups(repository);
  expect(backups.map(({ id }) => id)).toEqual([second.id, first.id]);
  await verifyBackup(backups[0]!, keys);

  const old = new Date(Date.now() + 60 * 86_400_000);
  const run = (by: Repository) =>
    expire(
      by,
      { storage: by.storage, folder: walFolder(by), cipher: null },
      { timeZone: "UTC", now: old, isDryRun: false },
    );
  const refused = await run(repository).catch(error => error);
  expect(mayNotDelete(refused)).toBe(true);
  expect((await listBackups(repository)).backups).toHaveLength(2);
  expect(await run({ ...repository, storage: direct })).toMatchObject({ backups: [first.id] });
  expect((await listBackups(repository)).backups.map(({ id }) => id)).toEqual([second.id]);
});
