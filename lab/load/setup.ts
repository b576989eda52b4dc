import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { type Guard, startGuard } from "#lab/programs/guard.ts";
import { familyOf } from "#lab/programs/processes.ts";
import { startRedis } from "#lab/programs/redis.ts";

/** What a benchmark needs beside a system under test: PostgreSQL as in production, and Redis for several processes. */
export type Setup = {
  guard: Guard;
  /** removed with the setup */
  folder: string;
  /** @returns its URL */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** starts Redis on the first call */
  redisUrl(): Promise<string>;
  postgresPids(): number[];
  redisPids(): number[];
  postgresVersion: string;
  stop(): Promise<void>;
};

/** As in the product's embedded PostgreSQL, and durable: what is acknowledged is on the disk. */
const settings = { fsync: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "4GB" };

export async function createSetup(): Promise<Setup> {
  const guard = startGuard();
  const cleanUps: (() => Promise<unknown> | unknown)[] = [() => guard.stop()];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), "prochat-bench-"));
    const releaseFolder = guard.folder(folder);
    cleanUps.push(releaseFolder, () => rmSync(folder, { recursive: true, force: true }));
    const cluster = await startScratchCluster("18", settings);
    cleanUps.push(guard.process(cluster.pid()), () => cluster.stop());
    const client = new pg.Client(cluster.url);
    await client.connect();
    cleanUps.push(() => client.end());
    const { rows } = await client.query("select current_setting('server_version') as version");
    let redis: Awaited<ReturnType<typeof startRedis>> | null = null;

    return {
      guard,
      folder,
      async createDatabase(name) {
        await client.query(`create database ${name}`);
        const url = new URL(cluster.url);
        url.pathname = name;
        return url.href;
      },
      dropDatabase: async name => void (await client.query(`drop database ${name} with (force)`)),
      async redisUrl() {
        if (!redis) {
          redis = await startRedis();
          cleanUps.push(guard.process(redis.pid()), redis.stop);
        }
        return redis.url;
      },
      postgresPids: () => familyOf(cluster.pid()),
      redisPids: () => (redis ? [redis.pid()] : []),
      postgresVersion: rows[0].version,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
