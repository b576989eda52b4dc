import { createReadStream, existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import type pg from "pg";
import type { ClientTool } from "#database/backup/logical/client-tools.ts";
import { takeDump } from "#database/backup/logical/dump.ts";
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
import { migrationStatus } from "#database/migrations/status.ts";
import { ledgerPrefix } from "#database/privacy/ledger-prefix.ts";
import type { BackupMethod } from "#platform/backup-method.ts";
import type { Log } from "#platform/log.ts";
import type { Pace } from "#platform/storage/pace.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { programVersion } from "#platform/version.ts";
import { AppError } from "#protocol/errors.ts";
import { type BaseBackup, takeBaseBackup } from "./base-backup.ts";
import { copyFiles, type LedgerCopy, listFiles, objectsList, removeErasedCopies } from "./copied-files.ts";
import { countTables, fingerprintDump, readSnapshot, sampleTables } from "./fingerprints.ts";
import { chooseMethod, requireOwnPlace } from "./method.ts";
import { type Packing, putPacked } from "./packing.ts";
import { removeFolder, removeUnfinished } from "./unfinished.ts";

export type BackupProgress = { bytes: number; totalBytes: number };

export type BackupOptions = {
  /** of a direct connection, by a role that may read all tables, and replicate for a physical backup */
  url: string;
  method: BackupMethod;
  /** with secrets.json. A dump is written here first */
  dataDir: string;
  /** false: the database is run by somebody else */
  isEmbedded: boolean;
  /** where the backup goes */
  storage: Storage;
  /** where the files and the ledger of erasures are */
  files: Storage;
  /** false: they are in the same bucket as the backup, which lists them */
  copiesFiles: boolean;
  packing: Packing;
  /** public keys of age; empty: not encrypted */
  recipients: string[];
  keepUntil: Date | null;
  /** absent: as fast as it goes */
  pace?: Pace | undefined;
  log: Log;
  onProgress?(progress: BackupProgress): void;
  /** called if `auto` chose the logical method, with the reason in one line */
  onLogical?(reason: string): void;
  /** aborted: the backup ends with "interrupted", and nothing of it is left */
  signal?: AbortSignal;
};

/**
 * Makes a backup of the database and of what belongs to it. It is listed when it is complete, and never before.
 * @throws AppError "conflict" if another backup runs, "database_refused" with what the server lacks, "backup_failed",
 *   "storage_unavailable", "interrupted"
 */
export async function runBackup(options: BackupOptions): Promise<{ repository: Repository; manifest: BackupManifest }> {
  const client = await connectDirectly(options.url, "prochat backup");
  try {
    const { level, senders, ...source } = await readSource(client, options.url);
    await lock(client);
    const way = await chooseMethod(options, { ...source, level, senders });
    const repository = await findRepository(options.storage, client);
    if (way.kind === "logical") await requireOwnPlace(repository, source.database);
    const id = newId(new Date());
    await registerRepository(repository);
    await removeUnfinished(repository, options.log);
    try {
      const copy = way.kind === "logical" ? copyLogical(way.tool) : copyPhysical;
      const manifest = { ...source, ...(await assemble({ options, client, repository, id }, copy)) };
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

async function readSource(client: pg.Client, url: string): Promise<Source & { level: string; senders: number }> {
  const { rows } = await client.query<
    Omit<Source, "segmentBytes" | "migrations"> & { segmentBytes: string; level: string; senders: number }
  >(`
    select current_setting('server_version') as "postgresVersion",
      current_setting('server_version_num')::integer / 10000 as "postgresMajor",
      (select setting from pg_settings where name = 'wal_segment_size') as "segmentBytes",
      current_setting('wal_level') as level,
      current_setting('max_wal_senders')::integer as senders,
      current_database() as database,
      current_user as role,
      (select system_identifier::text from pg_control_system()) as "systemIdentifier"`);
  const [source] = rows;
  const applied = (await migrationStatus(url)).flatMap(({ name, appliedAt }) => (appliedAt ? [name] : []));
  if (applied.length === 0) {
    throw new AppError("backup_failed", `The database ${source!.database} is empty: there is nothing to back up.`);
  }
  return { ...source!, segmentBytes: Number(source!.segmentBytes), migrations: applied };
}

/** Held until the connection ends. */
async function lock(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select pg_try_advisory_lock(hashtextextended('prochat backup', 0)) as locked");
  if (!rows[0].locked)
    throw new AppError("conflict", "Another backup of this database is running. Wait until it ends.");
}

type Work = { options: BackupOptions; client: pg.Client; repository: Repository; id: string };
type Put = (name: string, body: AsyncIterable<Buffer>, packedAs?: Packing) => Promise<BackupFile>;
type Copied = Omit<BaseBackup, "stopLsn"> &
  Pick<BackupManifest, "kind" | "stopLsn" | "snapshot" | "tables" | "dump"> & { files: BackupFile[] };

/** Copies the database, and what belongs to it besides. */
async function assemble({ options, repository, id, ...work }: Work, copy: (work: Work, put: Put) => Promise<Copied>) {
  const { storage, packing, recipients, keepUntil, pace } = options;
  const startedAt = new Date().toISOString();
  const put: Put = (name, body, packedAs = packing) =>
    putPacked({ storage, folder: baseFolder(repository, id), name, body, packing: packedAs, recipients, pace });
  const { files, ...database } = await copy({ options, repository, id, ...work }, put);
  const others = await putOthers(options, repository, id, put);
  return {
    format: 1 as const,
    id,
    startedAt,
    finishedAt: new Date().toISOString(),
    keepUntil: keepUntil?.toISOString() ?? null,
    programVersion,
    isEmbedded: options.isEmbedded,
    encryption: recipients.length > 0 ? { format: "age" as const, recipients } : null,
    ...database,
    ...others,
    files: [...files, ...others.files],
  };
}

async function copyPhysical({ options, client, id }: Work, put: Put): Promise<Copied> {
  const { signal } = options;
  const files: BackupFile[] = [];
  const progress = { bytes: 0, totalBytes: 0 };
  const snapshot = await readSnapshot(client);
  const sampling = sampleTables(client, snapshot);
  sampling.catch(() => {}); // the copy is to end first
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
        files.push(await put(name, body));
      },
    });
    const tables = await countTables(client, snapshot, await sampling);
    return { kind: "physical", ...base, snapshot, tables, dump: null, files };
  } finally {
    signal?.removeEventListener("abort", abort);
    await replication.end();
  }
}

const copyLogical =
  (tool: ClientTool) =>
  async ({ options, client, id }: Work, put: Put): Promise<Copied> => {
    const { url, dataDir: scratchDir, packing, signal, onProgress } = options;
    const progress = onProgress && { onProgress };
    const dumped = await takeDump(client, { tool, url, scratchDir, id, packing, signal, put, ...progress });
    const { homeSchema, jobsSchema } = dumped.dump;
    const tables = await fingerprintDump(client, [homeSchema, jobsSchema]);
    await client.query("commit");
    const nowhere = { timeline: 1, startLsn: "0/0", stopLsn: "0/0", snapshot: "", hasDamagedPages: false };
    return { kind: "logical", ...nowhere, ...dumped, tables };
  };

/** What belongs to a backup besides the database: the secrets, the files and the ledger of erasures. */
async function putOthers(options: BackupOptions, repository: Repository, id: string, put: Put) {
  // With SECRET set and another PostgreSQL there may be none.
  const path = secretsPath(options.dataDir);
  const secrets = existsSync(path) ? [await put("secrets.json", createReadStream(path), "none")] : [];
  const stored = await putFiles(options, repository, id, put);
  const erasures = await putLines("erasures.ndjson", listErasures(options.files), put);
  return {
    files: [...secrets, stored.file, erasures.file],
    storedFiles: stored.count,
    copiedFiles: stored.copied,
    erasures: erasures.count,
  };
}

async function putFiles(options: BackupOptions, repository: Repository, id: string, put: Put) {
  const { files, recipients, signal, log } = options;
  await removeErasedCopies(repository, files).catch(error => log.warn(`Copies of erased files stay: ${error.message}`));
  if (!options.copiesFiles) return { ...(await putLines("files.ndjson", await listFiles(files), put)), copied: null };
  const { entries, copiedBytes } = await copyFiles({ repository, files, recipients, signal });
  await repository.storage.put(
    objectsList(repository, id),
    Buffer.from(entries.map(({ object }) => object).join("\n")),
  );
  const bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { ...(await putLines("files.ndjson", entries, put)), copied: { bytes, newBytes: copiedBytes } };
}

/** The ledger itself: if it is lost, the newest backup has what was erased before. */
async function* listErasures(files: Storage): AsyncGenerator<LedgerCopy> {
  for await (const { key } of files.list(ledgerPrefix)) yield { key, body: await text(await files.get(key)) };
}

async function putLines(
  name: string,
  lines: AsyncIterable<object> | Iterable<object>,
  put: Put,
): Promise<{ file: BackupFile; count: number }> {
  let count = 0;
  async function* write() {
    let waiting = "";
    for await (const line of lines) {
      count++;
      waiting += `${JSON.stringify(line)}\n`;
      if (waiting.length < 2 ** 16) continue; // packing a chunk costs more than packing a line
      yield Buffer.from(waiting);
      waiting = "";
    }
    yield Buffer.from(waiting);
  }
  const file = await put(name, write());
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
