import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "#database/migrations/migrate.ts";
import { query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";
import { runJson, whileHeld } from "./installation.ts";
import { measureWhileChatting, type WhileChatting } from "./measure-while-chatting.ts";

export type Run = { seconds: number; maxRssMb: number };
export type BackupFigures = {
  clusterMb: number;
  /** by packing; the runs of ours and of pg_basebackup 15 in turn, on the same cluster */
  packings: { name: "none" | "zstd"; ours: Run[]; theirs: Run[] }[];
  /** of a cluster of the embedded version, from the command to the swap */
  restore: { clusterMb: number; seconds: number };
  chatting: WhileChatting;
};

const peer = "/usr/lib/postgresql/15/bin/pg_basebackup";

/** @param p.messages  in the database; a message takes about 400 bytes with its indexes */
export async function measureBackup(p: { messages: number; runs: number; rate: number }): Promise<BackupFigures> {
  const folder = mkdtempSync(join(tmpdir(), "prochat-bench-"));
  try {
    const { clusterMb, packings } = await measureSpeed(p, folder);
    const restore = await measureRestore(p, folder);
    return { clusterMb, packings, restore, chatting: await measureWhileChatting(p, folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSpeed(p: { messages: number; runs: number }, folder: string) {
  const cluster = await startScratchCluster("15", { wal_level: "replica" });
  try {
    await migrate(cluster.url, { log: silent });
    await generate(cluster.url, { messages: p.messages, websites: 5, months: 6 });
    const packings: BackupFigures["packings"] = [
      { name: "none", ours: [], theirs: [] },
      { name: "zstd", ours: [], theirs: [] },
    ];
    for (let run = 0; run < p.runs; run++) {
      for (const { name, ours, theirs } of packings) {
        theirs.push(await measurePeer(cluster.url, join(folder, "peer"), name));
        ours.push(await measureOurs(cluster.url, join(folder, "ours"), name));
      }
    }
    return { clusterMb: await sizeOf(cluster.url), packings };
  } finally {
    await cluster.stop();
  }
}

async function measureOurs(url: string, to: string, pack: string): Promise<Run> {
  const env = { DATABASE_URL: url, DATA_DIR: join(to, "data") };
  return measure(to, () => startProgram("src/cli/main.ts", ["backup", "--to", to, "--pack", pack], { env }));
}

async function measurePeer(url: string, to: string, pack: string): Promise<Run> {
  const compress = pack === "zstd" ? ["--compress=client-zstd:1"] : [];
  const args = ["-d", url, "-D", to, "-Ft", "-X", "fetch", "-c", "fast", "--manifest-checksums=SHA256", ...compress];
  return measure(to, () => startProgram("bench/backup/run-program.ts", [peer, ...args]));
}

/** The largest memory of the program is read until it ends. */
async function measure(to: string, start: () => ReturnType<typeof startProgram>): Promise<Run> {
  rmSync(to, { recursive: true, force: true });
  execFileSync("sync");
  const startedMs = performance.now();
  const program = start();
  let maxRssMb = 0;
  const watching = setInterval(() => {
    maxRssMb = Math.max(maxRssMb, readPeakMb(program.process.pid!));
  }, 20);
  const { code, stderr } = await program.ended;
  clearInterval(watching);
  if (code !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - startedMs) / 1000, maxRssMb };
}

function readPeakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended
  }
}

async function measureRestore({ messages }: { messages: number }, folder: string) {
  const dataDir = join(folder, "data");
  await runJson(["migrate"], dataDir);
  return whileHeld(dataDir, async url => {
    await generate(url, { messages, websites: 5, months: 6 });
    const clusterMb = await sizeOf(url);
    await runJson(["backup"], dataDir);
    const { seconds } = await runJson(["restore", "latest", "--into", join(folder, "restored")], dataDir);
    return { clusterMb, seconds: seconds as number };
  });
}

async function sizeOf(url: string): Promise<number> {
  const [row] = await query(
    url,
    "select (sum(pg_database_size(oid)) / 1024 / 1024)::integer as mb from pg_database where datallowconn",
  );
  return Number(row!.mb);
}
