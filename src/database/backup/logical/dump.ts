import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { BackupFile, BackupManifest } from "#database/backup/manifest.ts";
import { findJobsSchema, homeSchema } from "#database/home-schema.ts";
import { AppError } from "#protocol/errors.ts";
import type { ClientTool } from "./client-tools.ts";
import { runTool } from "./run-tool.ts";

type Packing = BackupFile["packing"];

type Options = {
  tool: ClientTool;
  url: string;
  /** the dump is written below it first, and deleted as it is stored */
  scratchDir: string;
  id: string;
  packing: Packing;
  signal?: AbortSignal | undefined;
  put(name: string, body: AsyncIterable<Buffer>, packing: Packing): Promise<BackupFile>;
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

export type Dump = { dump: NonNullable<BackupManifest["dump"]>; files: BackupFile[] };

/** Of a dump, below the folder of the backup. */
export const dumpFolder = "dump/";

const prefix = "dump-";

/**
 * Dumps the tables of Pro LiveChat and of its jobs by pg_dump in its directory format, at one moment. Other schemas of the
 * database are not part of it.
 * @param client  gets a transaction, which sees the same moment and which the caller ends
 */
export async function takeDump(client: pg.Client, p: Options): Promise<Dump> {
  await client.query("begin transaction isolation level repeatable read, read only");
  const { rows } = await client.query<{ snapshot: string; home: string }>(
    `select pg_export_snapshot() as snapshot, (select nspname from pg_namespace where oid = ${homeSchema}) as home`,
  );
  const { snapshot, home } = rows[0]!;
  const schemas = [home, await findJobsSchema(client)];
  await removeKilled(p.scratchDir);
  const folder = join(p.scratchDir, `${prefix}${p.id}`);
  const totalBytes = await requireSpace(client, p.scratchDir, schemas);
  await mkdir(folder, { mode: 0o700 });
  try {
    const timer = setInterval(() => report(folder, totalBytes, p), 500);
    await dump({ ...p, folder, snapshot, schemas }).finally(() => clearInterval(timer));
    const files: BackupFile[] = [];
    for (const name of (await readdir(folder)).sort()) {
      p.signal?.throwIfAborted();
      // pg_dump has packed the rows already. Its table of contents is text.
      const packing = name === "toc.dat" && p.packing !== "none" ? "gzip" : "none";
      files.push(await p.put(`${dumpFolder}${name}`, createReadStream(join(folder, name)), packing));
      await rm(join(folder, name));
    }
    return {
      files,
      dump: { toolVersion: p.tool.version, homeSchema: home, jobsSchema: schemas[1]!, tableBytes: totalBytes },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function dump(p: Options & { folder: string; snapshot: string; schemas: string[] }): Promise<void> {
  const args = [
    "--format=directory",
    `--file=${p.folder}`,
    // Every pg_restore reads gzip, and the dump needs a quarter of the space in the folder.
    `--compress=${p.packing === "none" ? 0 : 1}`,
    `--snapshot=${p.snapshot}`,
    "--lock-wait-timeout=60s",
    ...p.schemas.map(schema => `--schema=${pg.escapeIdentifier(schema)}`),
  ];
  const { failure } = await runTool(p.tool, args, p);
  p.signal?.throwIfAborted();
  if (failure === null) return;
  throw new AppError(
    "backup_failed",
    `pg_dump failed: ${failure}. Nothing of it is kept; earlier backups are untouched.`,
  );
}

/** @returns how much there is to dump, without indexes */
async function requireSpace(client: pg.Client, dir: string, schemas: string[]): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select coalesce(sum(pg_table_size(oid)), 0)::float as bytes
     from pg_class
     where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname = any($1::text[]))`,
    [schemas],
  );
  const { bytes } = rows[0]!;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(dir);
  const needed = bytes / 2;
  if (bavail * bsize >= needed) return bytes;
  const [free, wanted] = [bavail * bsize, needed].map(each => Math.ceil(each / 2 ** 20));
  throw new AppError(
    "disk_full",
    `The disk of ${dir} has ${free} MB left; the dump may need ${wanted} MB until it is stored. Free some space, or set DATA_DIR to another disk.`,
  );
}

/** What is written so far, packed, as a part of what is read. */
async function report(folder: string, totalBytes: number, { onProgress, packing }: Options): Promise<void> {
  try {
    const sizes = await Promise.all((await readdir(folder)).map(async name => (await stat(join(folder, name))).size));
    const written = sizes.reduce((sum, size) => sum + size, 0);
    onProgress?.({ bytes: Math.min(totalBytes, packing === "none" ? written : written * 4), totalBytes });
  } catch {
    // a file has just been stored and deleted
  }
}

/** What a killed backup has left. */
async function removeKilled(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  for (const name of names.filter(each => each.startsWith(prefix)))
    await rm(join(dir, name), { recursive: true, force: true });
}
