import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type pg from "pg";
import type { BackupFile, BackupManifest } from "#database/backup/manifest.ts";
import {
  baseFolder,
  findRepository,
  newId,
  type Repository,
  registerRepository,
  writeManifest,
} from "#database/backup/repository.ts";
import { connectForReplication } from "#database/connection/replication.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import { secretsPath } from "#database/embedded/data-folder.ts";
import { migrationStatus } from "#database/migrations/migrate.ts";
import { ledgerPrefix } from "#database/privacy/ledger.ts";
import type { Log } from "#platform/log.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { programVersion } from "#platform/version.ts";
import { AppError } from "#protocol/errors.ts";
import { takeBaseBackup } from "./base-backup.ts";
import { fingerprintTables, readSnapshot } from "./fingerprints.ts";
import { type Packing, putPacked } from "./packing.ts";
import { removeFolder, removeUnfinished } from "./unfinished.ts";

export type BackupProgress = { bytes: number; totalBytes: number };

export type BackupOptions = {
  /** of a direct connection, by a role that may replicate and read all tables */
  url: string;
  /** of the embedded PostgreSQL; null: the database is run by somebody else */
  dataDir: string | null;
  /** where the backup goes */
  storage: Storage;
  /** where the files and the ledger of erasures are */
  files: Storage;
  packing: Packing;
  /** public keys of age; empty: not encrypted */
  recipients: string[];
  keepUntil: Date | null;
  log: Log;
  onProgress?(progress: BackupProgress): void;
  /** aborted: the backup ends with "interrupted", and nothing of it is left */
  signal?: AbortSignal;
};

/**
 * Makes a physical backup of the cluster and of what belongs to it. It is listed when it is complete, and never before.
 * @throws AppError "conflict" if another backup runs, "database_refused" with what the server lacks, "backup_failed",
 *   "storage_unavailable", "interrupted"
 */
export async function runBackup(options: BackupOptions): Promise<{ repository: Repository; manifest: BackupManifest }> {
  const client = await connectDirectly(options.url, "prochat backup");
  try {
    const source = await readSource(client, options.url);
    await lock(client);
    const repository = await findRepository(options.storage, client);
    const id = newId(new Date());
    await registerRepository(repository);
    await removeUnfinished(repository, options.log);
    try {
      const manifest = { ...source, ...(await copy(options, client, repository, id)) };
      await writeManifest(repository, manifest);
      return { repository, manifest };
    } catch (error) {
      await removeFolder(repository, id, options.log);
      throw explain(error, options.signal);
    }
  } finally {
    await client.end();
  }
}

type Source = Pick<
  BackupManifest,
  "postgresVersion" | "postgresMajor" | "segmentBytes" | "database" | "role" | "systemIdentifier" | "migrations"
>;

async function readSource(client: pg.Client, url: string): Promise<Source> {
  const { rows } = await client.query<
    Omit<Source, "segmentBytes" | "migrations"> & { segmentBytes: string; level: string }
  >(`
    select current_setting('server_version') as "postgresVersion",
      current_setting('server_version_num')::integer / 10000 as "postgresMajor",
      (select setting from pg_settings where name = 'wal_segment_size') as "segmentBytes",
      current_setting('wal_level') as level,
      current_database() as database,
      current_user as role,
      (select system_identifier::text from pg_control_system()) as "systemIdentifier"`);
  const { level, ...source } = rows[0]!;
  if (level === "minimal") {
    throw new AppError(
      "database_refused",
      "wal_level is minimal, which allows no backup of a running PostgreSQL. Set it to replica or logical and restart PostgreSQL.",
    );
  }
  const applied = (await migrationStatus(url)).flatMap(({ name, appliedAt }) => (appliedAt ? [name] : []));
  if (applied.length === 0) {
    throw new AppError("backup_failed", `The database ${source.database} is empty: there is nothing to back up.`);
  }
  return { ...source, segmentBytes: Number(source.segmentBytes), migrations: applied };
}

/** Held until the connection ends. */
async function lock(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select pg_try_advisory_lock(hashtextextended('prochat backup', 0)) as locked");
  if (!rows[0].locked)
    throw new AppError("conflict", "Another backup of this database is running. Wait until it ends.");
}

async function copy(options: BackupOptions, client: pg.Client, repository: Repository, id: string) {
  const { storage, packing, recipients, signal } = options;
  const startedAt = new Date().toISOString();
  const folder = baseFolder(repository, id);
  const put = (name: string, body: Readable, packedAs = packing): Promise<BackupFile> =>
    putPacked({ storage, folder, name, body, packing: packedAs, recipients });
  const files: BackupFile[] = [];
  const progress = { bytes: 0, totalBytes: 0 };
  const snapshot = await readSnapshot(client);
  const replication = await connectForReplication(options.url);
  const abort = () => replication.connection.stream.destroy(new Error("interrupted"));
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    const base = await takeBaseBackup(replication, {
      label: id,
      onSize: bytes => {
        progress.totalBytes = bytes;
      },
      onBytes: bytes => {
        progress.bytes += bytes;
        options.onProgress?.({ ...progress, bytes: Math.min(progress.bytes, progress.totalBytes) });
      },
      async onArchive(name, body) {
        // The manifest is sent when the copy has ended: from now on, the tables are the restored ones and what came later.
        const moment = name === "backup_manifest" ? fixMoment(client) : null;
        files.push(await put(name, body));
        await moment;
      },
    });
    const tables = await fingerprintTables(client, snapshot);
    await client.query("commit");
    const { keepUntil } = options;
    const others = await putOthers(options, put);
    return {
      format: 1 as const,
      id,
      kind: "physical" as const,
      startedAt,
      finishedAt: new Date().toISOString(),
      keepUntil: keepUntil?.toISOString() ?? null,
      programVersion,
      isEmbedded: options.dataDir !== null,
      encryption: recipients.length > 0 ? { format: "age" as const, recipients } : null,
      ...base,
      ...{ snapshot, tables, storedFiles: others.storedFiles, erasures: others.erasures },
      files: [...files, ...others.files],
    };
  } finally {
    signal?.removeEventListener("abort", abort);
    await replication.end();
  }
}

const fixMoment = (client: pg.Client) =>
  client.query("begin transaction isolation level repeatable read, read only; select 1");

/** What belongs to a backup besides the cluster: the secrets, the list of files and the ledger of erasures. */
async function putOthers(
  { dataDir, files }: BackupOptions,
  put: (name: string, body: Readable, packing?: Packing) => Promise<BackupFile>,
) {
  const secrets = dataDir ? [await put("secrets.json", createReadStream(secretsPath(dataDir)), "none")] : [];
  const stored = await countAndList(files, "files/", put, "files.ndjson");
  const erasures = await countAndList(files, ledgerPrefix, put, "erasures.ndjson");
  return { files: [...secrets, stored.file, erasures.file], storedFiles: stored.count, erasures: erasures.count };
}

async function countAndList(
  storage: Storage,
  prefix: string,
  put: (name: string, body: Readable) => Promise<BackupFile>,
  name: string,
): Promise<{ file: BackupFile; count: number }> {
  let count = 0;
  async function* lines() {
    for await (const { key, sizeBytes } of storage.list(prefix)) {
      count++;
      yield Buffer.from(`${JSON.stringify({ key, sizeBytes })}\n`);
    }
  }
  const file = await put(name, Readable.from(lines(), { objectMode: false }));
  return { file, count };
}

function explain(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return new AppError("interrupted", "The backup was stopped. Nothing of it is kept.");
  if (error instanceof AppError) return error;
  const { message } = error as Error;
  return new AppError(
    "backup_failed",
    `The backup failed: ${message}. Nothing of it is kept; earlier ones are untouched.`,
    {
      cause: error,
    },
  );
}
