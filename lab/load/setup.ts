import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { familyOf, parentOf } from "#lab/programs/processes.ts";
import { startRedis } from "#lab/programs/redis.ts";
import { type Guard, startGuard } from "./guard.ts";

/** What a benchmark runs beside: PostgreSQL as it is run in earnest, and Redis when several processes need it. */
export type Setup = {
  guard: Guard;
  /** a folder that is gone with the setup */
  folder: string;
  /** @returns its URL */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** starts one on the first call */
  redisUrl(): Promise<string>;
  postgresPids(): number[];
  redisPids(): number[];
  postgresVersion: string;
  stop(): Promise<void>;
};

/** As the product sets up its own PostgreSQL, and safe: what is acknowledged is on the disk. */
const settings = { fsync: "on", full_page_writes: "on", shared_buffers: "512MB", max_wal_size: "4GB" };

export async function createSetup(): Promise<Setup> {
  const guard = startGuard();
  const ends: (() => Promise<unknown> | unknown)[] = [() => guard.stop()];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), "prochat-bench-"));
    const isGone = guard.folder(folder);
    ends.push(() => {
      rmSync(folder, { recursive: true, force: true });
      isGone();
    });
    const cluster = await startScratchCluster("18", settings);
    let clusterEnded = () => {};
    ends.push(() => clusterEnded());
    ends.push(() => cluster.stop());
    const client = new pg.Client(cluster.url);
    await client.connect();
    ends.push(() => client.end());
    const { rows } = await client.query("select pg_backend_pid() as pid, current_setting('server_version') as version");
    const postmaster = parentOf(rows[0].pid);
    clusterEnded = guard.process(postmaster);
    let redis: { url: string; pid: number } | null = null;

    async function beginRedis() {
      const started = await startRedis();
      let redisEnded = () => {};
      ends.push(() => redisEnded());
      ends.push(() => started.stop());
      const info = String(await started.ask(["INFO", "server"]));
      const pid = Number(/process_id:(\d+)/.exec(info)![1]);
      redisEnded = guard.process(pid);
      return { url: started.url, pid };
    }

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
        redis ??= await beginRedis();
        return redis.url;
      },
      postgresPids: () => familyOf(postmaster),
      redisPids: () => (redis ? [redis.pid] : []),
      postgresVersion: rows[0].version,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
