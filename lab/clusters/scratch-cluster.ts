import { spawnSync } from "node:child_process";
import { chownSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { chooseAccount } from "#database/embedded/account.ts";
import { type Binaries, findBinaries } from "#database/embedded/binaries.ts";
import { createCluster } from "#database/embedded/cluster.ts";
import { stopLeftover } from "#database/embedded/leftover.ts";
import { type Postmaster, startPostmaster } from "#database/embedded/postmaster.ts";
import { initdbArgs } from "#database/embedded/settings.ts";
import { silent } from "#lab/programs/log.ts";

export type ScratchCluster = {
  url: string;
  /** of the postmaster */
  pid(): number;
  /**
   * Ends it as a crash does (pg_ctl's immediate mode) or by kill -9, and starts it again at the same address, where it recovers.
   */
  restart(signal?: "SIGQUIT" | "SIGKILL"): Promise<void>;
  /** Starts a streaming replica of it, which stops with the cluster. @returns its address */
  replica(): Promise<string>;
  stop(): Promise<void>;
};

/** Settings of a PostgreSQL that is removed afterwards: nothing needs to be forced to disk. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "300",
  fsync: "off",
  full_page_writes: "off",
  max_locks_per_transaction: "256",
};

/** Starts an empty cluster in the system's temporary folder. @param segmentMb  of the WAL; small ones take less time to fill */
export async function startScratchCluster(
  version: "18" | "15" = "18",
  overrides: Record<string, string> = {},
  { segmentMb = 16 } = {},
): Promise<ScratchCluster> {
  const binaries = version === "15" ? await findOldBinaries() : await findBinaries();
  const folder = await mkdtemp(join(tmpdir(), "prochat-test-"));
  const dir = join(folder, "postgres");
  try {
    const account = await chooseAccount({ folder, cluster: dir, program: binaries.postgres });
    // 15 has neither the builtin locale provider nor initdb --set.
    const locale = version === "15" ? ["--locale=C"] : initdbArgs;
    await createCluster({
      binaries,
      account,
      dir,
      password: "scratch",
      initdbArgs: [...locale, "--no-sync", `--wal-segsize=${segmentMb}`],
    });
    const logPath = join(folder, "postgres.log");
    const start = { binaries, account, dir, password: "scratch", logPath, settings: { ...settings, ...overrides } };
    let server = await startPostmaster(start);
    const { url } = server;
    const replicas: Postmaster[] = [];
    const pid = () => Number(readFileSync(join(dir, "postmaster.pid"), "utf8").split("\n", 1)[0]);
    return {
      url,
      pid,
      async restart(signal = "SIGQUIT") {
        process.kill(pid(), signal);
        await server.exited;
        await stopLeftover(dir, silent); // children that have not noticed yet
        server = await startPostmaster({ ...start, port: Number(new URL(url).port) });
      },
      async replica() {
        const copy = `${dir}-replica-${replicas.length + 1}`;
        await copyRunning(url, { from: dir, to: copy });
        const standby = { ...start.settings, primary_conninfo: `${url}?application_name=standby`, hot_standby: "on" };
        const replica = await startPostmaster({ ...start, dir: copy, logPath: `${copy}.log`, settings: standby });
        replicas.push(replica);
        return replica.url;
      },
      async stop() {
        for (const replica of replicas) await replica.stop();
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function findOldBinaries(): Promise<Binaries> {
  const name = "postgres-15";
  return import(name);
}

/** Copies a cluster while it runs, as a base backup that begins to stream. */
async function copyRunning(url: string, { from, to }: { from: string; to: string }): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("select pg_backup_start('replica', true)");
  spawnSync("cp", ["-a", from, to]); // it fails for a file that is gone meanwhile, which the WAL makes good
  const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
  await client.end();
  rmSync(join(to, "postmaster.pid"));
  const { uid, gid } = statSync(from);
  const files = { backup_label: rows[0]!.labelfile, "standby.signal": "" };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(to, name), text);
    chownSync(join(to, name), uid, gid);
  }
}
