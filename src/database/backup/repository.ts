import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type pg from "pg";
import { z } from "zod";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { type BackupManifest, parseManifest, serializeManifest } from "./manifest.ts";

/**
 * The backups and the WAL of one cluster:
 *
 *     backups/repositories/<name>                          says that the repository exists
 *     backups/<name>/base/<backup id>/…                    the files of a base backup
 *     backups/<name>/base/<backup id>/backup.json          its manifest; written last: without it there is no backup
 *     backups/<name>/base/<backup id>/verifications/<time>-<by>.json
 *     backups/<name>/wal/<timeline>/<segment>.zst          see wal/
 *
 * The name is the cluster's system identifier. A cluster that was restored has the same one, and it must neither archive
 * into nor expire the original's repository: so the id of its last restore is appended.
 */
export type Repository = { storage: Storage; name: string };

const repositories = "backups/repositories/";

export const baseFolder = ({ name }: { name: string }, backupId: string) => `backups/${name}/base/${backupId}/`;
export const walFolder = ({ name }: { name: string }) => `backups/${name}/wal/`;

/** The repository of the cluster that `client` is connected to. It may hold nothing yet. */
export async function findRepository(storage: Storage, client: Pick<pg.Client, "query">): Promise<Repository> {
  const { rows } = await client.query<{ identifier: string; hasRestores: boolean }>(`
    select system_identifier::text as identifier, to_regclass('restores') is not null as "hasRestores"
    from pg_control_system()`);
  const { identifier, hasRestores } = rows[0]!;
  if (!hasRestores) return { storage, name: identifier }; // migrations are pending
  const restores = await client.query<{ id: string }>(
    "select id from restores order by restored_at desc, id desc limit 1",
  );
  const restoreId = restores.rows[0]?.id;
  return { storage, name: restoreId ? `${identifier}-${restoreId}` : identifier };
}

/** To be called before the first object is written, so that listRepositories() finds it. */
export async function registerRepository({ storage, name }: Repository): Promise<void> {
  const key = `${repositories}${name}`;
  if (!(await storage.head(key))) await storage.put(key, Buffer.from(`${name}\n`));
}

export async function listRepositories(storage: Storage): Promise<Repository[]> {
  const found: Repository[] = [];
  for await (const { key } of storage.list(repositories)) found.push({ storage, name: key.slice(repositories.length) });
  return found;
}

/** UTC, as in 20261129T020000Z: sorts by time and may be part of a key. */
export const timeId = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/g, "");

/** The id of a backup or of a restore. */
export const newId = (time: Date) => `${timeId(time)}-${randomBytes(2).toString("hex")}`;

export const Verification = z.object({
  /** verify: read back and compared. drill: restored, started and checked */
  by: z.enum(["verify", "drill"]),
  outcome: z.enum(["verified", "failed", "inconclusive"]),
  /** why it is not verified; null if it is */
  reason: z.string().nullable(),
  at: z.iso.datetime(),
  /** the time that it took */
  seconds: z.number().min(0),
  programVersion: z.string(),
});
export type Verification = z.infer<typeof Verification>;

/** Of the WAL that was kept since a backup. */
export const WalVerification = Verification.extend({
  by: z.literal("wal"),
  /** the last complete segment up to which all were read and are right; the next verification goes on after it. Null: none */
  reaches: z.string().nullable(),
});
export type WalVerification = z.infer<typeof WalVerification>;

export type ListedBackup = {
  repository: Repository;
  id: string;
  manifest: BackupManifest;
  /** as stored */
  sizeBytes: number;
  /** newest first */
  verifications: Verification[];
  /** the newest one; null: the WAL since then was never read back */
  walVerification: WalVerification | null;
};

/** A complete backup whose manifest cannot be read. */
export type DamagedBackup = { repository: Repository; id: string; reason: string };

/** The complete backups of a repository, newest first. */
export async function listBackups(
  repository: Repository,
): Promise<{ backups: ListedBackup[]; damaged: DamagedBackup[] }> {
  const { storage, name } = repository;
  const prefix = `backups/${name}/base/`;
  const keysById = new Map<string, string[]>();
  for await (const { key } of storage.list(prefix)) {
    const id = key.slice(prefix.length).split("/", 1)[0]!;
    keysById.set(id, [...(keysById.get(id) ?? []), key]);
  }
  const backups: ListedBackup[] = [];
  const damaged: DamagedBackup[] = [];
  for (const [id, keys] of [...keysById].sort().reverse()) {
    if (!keys.includes(manifestKey(repository, id))) continue;
    try {
      backups.push(await readBackup(repository, id, keys));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "backup_damaged") throw error;
      damaged.push({ repository, id, reason: error.message });
    }
  }
  return { backups, damaged };
}

async function readBackup(repository: Repository, id: string, keys: string[]): Promise<ListedBackup> {
  const manifest = await readManifest(repository, id);
  const folder = `${baseFolder(repository, id)}verifications/`;
  const stored = keys.filter(key => key.startsWith(folder));
  const ofWal = stored.filter(key => key.endsWith("-wal.json"));
  const ofBackup = stored.filter(key => !ofWal.includes(key));
  const read = <T>(schema: z.ZodType<T>, key: string) => readVerification(repository.storage, schema, key);
  const verifications = await Promise.all(ofBackup.map(key => read(Verification, key)));
  const newest = ofWal.at(-1);
  return {
    repository,
    id,
    manifest,
    sizeBytes: manifest.files.reduce((sum, file) => sum + file.packedBytes, 0),
    verifications: verifications.filter(each => each !== null).reverse(),
    walVerification: newest === undefined ? null : await read(WalVerification, newest),
  };
}

/** null: it is damaged, and says nothing about the backup */
async function readVerification<T>(storage: Storage, schema: z.ZodType<T>, key: string): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(`${await read(storage, key)}`));
  } catch (error) {
    if (error instanceof AppError) throw error;
    return null;
  }
}

/** @throws AppError "backup_damaged", or "not_found" */
export async function readManifest(repository: Repository, id: string): Promise<BackupManifest> {
  const key = manifestKey(repository, id);
  const manifest = parseManifest(await read(repository.storage, key), key);
  if (manifest.id === id && repository.name.split("-")[0] === manifest.systemIdentifier) return manifest;
  throw new AppError(
    "backup_damaged",
    `${key} is the manifest of the backup ${manifest.id} of the cluster ${manifest.systemIdentifier}. Choose another backup: prochat backup list.`,
  );
}

/** To be called last of all: from now on the backup is listed. */
export const writeManifest = ({ storage, name }: Repository, manifest: BackupManifest) =>
  storage.put(manifestKey({ name }, manifest.id), serializeManifest(manifest));

export const writeVerification = (
  { storage, name }: Repository,
  id: string,
  verification: Verification | WalVerification,
) =>
  storage.put(
    `${baseFolder({ name }, id)}verifications/${timeId(new Date(verification.at))}-${verification.by}.json`,
    Buffer.from(JSON.stringify(verification)),
  );

const manifestKey = (repository: { name: string }, id: string) => `${baseFolder(repository, id)}backup.json`;

const read = async (storage: Storage, key: string) => buffer(await storage.get(key));
