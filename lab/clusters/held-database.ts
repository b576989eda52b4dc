import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { walFolder } from "#database/backup/repository.ts";
import { listTimeline } from "#database/backup/wal/archive.ts";
import { readParts } from "#database/backup/wal/parts.ts";
import { parseLsn, segmentName } from "#database/backup/wal/positions.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { generate } from "#sample-data/generate.ts";
import { query } from "./schemas.ts";

export type HeldDatabase = { dataDir: string; url: string; pid: number; stop(): Promise<void> };

/** An embedded PostgreSQL with the tables and `messages` generated messages, in a data folder of its own, for one test. */
export async function holdFilledDatabase(messages = 300): Promise<HeldDatabase> {
  const dataDir = join(makeFolder(), "data");
  filled[messages] ??= fill(messages);
  execFileSync("cp", ["-a", await filled[messages], dataDir]); // with the owner
  return holdDatabase(dataDir);
}

/** Data folders that tests get a copy of: making one takes as long as many tests. They stay until the run ends. */
const filled: Record<number, Promise<string>> = {};

async function fill(messages: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "prochat-filled-"));
  chmodSync(folder, 0o755);
  const dataDir = join(folder, "data");
  const migrated = await runCli(["migrate"], { env: { DATA_DIR: dataDir } });
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const held = await start(dataDir);
  await generate(held.url, { messages, websites: 2, months: 2 });
  await held.stop();
  return dataDir;
}

/** The embedded PostgreSQL of a data folder, until it is stopped or the test ends. */
export async function holdDatabase(dataDir: string): Promise<HeldDatabase> {
  const held = await start(dataDir);
  onTestFinished(held.stop);
  return held;
}

async function start(dataDir: string): Promise<HeldDatabase> {
  const program = startProgram("lab/clusters/hold-database.ts", [dataDir]);
  const stop = async () => {
    program.process.kill("SIGTERM");
    await program.ended;
  };
  try {
    return { dataDir, url: await program.firstLine, pid: program.process.pid!, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const segmentBytes = 2 ** 24;

/** Archives the WAL into a repository, as the server does while it runs. */
export async function archiveWal({ url, dataDir }: HeldDatabase, repository: string) {
  const args = [url, "test", join(dataDir, "files"), walFolder({ name: repository })];
  const program = startProgram("lab/clusters/receive-wal.ts", args);
  onTestFinished(() => void program.process.kill("SIGTERM"));
  await program.firstLine;
  return {
    /** resolves when the store has all that was written until now */
    async holdsAll() {
      const [row] = await query(
        url,
        "select at::text as lsn, left(pg_walfile_name(at), 8) as timeline from pg_current_wal_flush_lsn() as at",
      );
      const lsn = parseLsn(`${row!.lsn}`);
      const timeline = Number.parseInt(`${row!.timeline}`, 16);
      const archive = {
        storage: openFolder(join(dataDir, "files")),
        folder: walFolder({ name: repository }),
        cipher: null,
      };
      const newest = segmentName(timeline, lsn, segmentBytes);
      await eventually(async () => {
        if ((await listTimeline(archive, timeline, newest)).segments.includes(newest)) return;
        const { length } = await readParts(archive, newest);
        expect(length).toBeGreaterThanOrEqual(Number(lsn % BigInt(segmentBytes)));
      });
    },
    async stop() {
      program.process.kill("SIGTERM");
      await program.ended;
    },
  };
}
