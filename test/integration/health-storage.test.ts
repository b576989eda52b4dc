import { statfsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { startApp } from "#lab/actors/app.ts";
import { seeHealth } from "#lab/actors/seen-health.ts";
import { canMount, mountDisk } from "#lab/programs/folders.ts";
import { silent } from "#lab/programs/log.ts";
import { startS3Server } from "#lab/programs/s3-server.ts";
import { openPool } from "#lab/sql/pool.ts";
import { readConfig } from "#platform/config.ts";

const megabyte = 1024 ** 2;

test.runIf(canMount)("a disk that is nearly full is an error until there is space again", async () => {
  const disk = mountDisk(400);
  const env = { DATABASE_URL: "", DATA_DIR: join(disk, "data") };
  const app = await startApp({ env });
  onTestFinished(() => app.stop());
  const { url } = await borrowDatabase({ dataDir: env.DATA_DIR, databaseUrl: null, log: silent });
  const sql = openPool({ connectionString: url, max: 1 });
  onTestFinished(() => sql.end());
  const look = () => seeHealth(app, readConfig(env), { url, sql });
  expect((await look()).levels("disk-free")).toEqual(["ok", "ok", "ok"]);

  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, "filler");
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 15 * megabyte));
  const full = await look();
  expect(full.levels("disk-free")).toEqual(["error", "error", "error"]);
  expect(full.check("disk-free")!.why).toMatch(/ MB of the disk \([0-4]%\) are free/);

  truncateSync(filler);
  expect((await look()).levels("disk-free")).toEqual(["ok", "ok", "ok"]);
});

test("a bucket that keeps versions is a warning; one that keeps none is well", async () => {
  const store = await startS3Server();
  onTestFinished(() => store.stop());
  const keys = { S3_ENDPOINT: store.endpoint, S3_ACCESS_KEY_ID: store.accessKeyId, BACKUPS: "off" };
  const levelsWith = async (bucket: string) => {
    const env = { ...keys, S3_SECRET_ACCESS_KEY: store.secretAccessKey, S3_BUCKET: bucket };
    const app = await startApp({ env });
    onTestFinished(() => app.stop());
    const seen = await seeHealth(app, readConfig({ ...env, DATABASE_URL: app.databaseUrl }));
    return [...seen.levels("storage-versions"), ...new Set(seen.levels("storage"))];
  };
  expect(await levelsWith(await store.makeBucket({ keepsVersions: true }))).toEqual(["warn", "warn", "warn", "ok"]);
  expect(await levelsWith(await store.makeBucket())).toEqual(["ok", "ok", "ok", "ok"]);
});
