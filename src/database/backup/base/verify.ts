import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createTarDecoder } from "modern-tar";
import type { BackupFile } from "#database/backup/manifest.ts";
import { baseFolder, type ListedBackup, type Verification, writeVerification } from "#database/backup/repository.ts";
import type { Pace } from "#platform/storage/pace.ts";
import { programVersion } from "#platform/version.ts";
import { AppError } from "#protocol/errors.ts";
import { asDamaged, damaged, getUnpacked } from "./packing.ts";

type Options = {
  /** secret keys of age */
  identities: string[];
  /** absent: as fast as it goes */
  pace?: Pace | undefined;
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

/**
 * Reads a backup back from the store, unpacks it and compares it: with our manifest, which has the hashes of each file as it
 * was sent, and with PostgreSQL's, which has the hashes of each file in the cluster. The result is stored with the backup.
 */
export async function verifyBackup(backup: ListedBackup, options: Options): Promise<Verification> {
  const startedAt = Date.now();
  const { outcome, reason } = await compare(backup, options).then(
    () => ({ outcome: "verified" as const, reason: null }),
    judge,
  );
  const verification: Verification = {
    by: "verify",
    outcome,
    reason,
    at: new Date().toISOString(),
    seconds: (Date.now() - startedAt) / 1000,
    programVersion,
  };
  await writeVerification(backup.repository, backup.id, verification);
  return verification;
}

/** Failed: the backup is to blame. Inconclusive: the attempt is, so that the next one may succeed. */
export function judge(error: unknown): { outcome: "failed" | "inconclusive"; reason: string } {
  const isDamaged = error instanceof AppError && error.code === "backup_damaged";
  return { outcome: isDamaged ? "failed" : "inconclusive", reason: (error as Error).message };
}

async function compare(
  { repository, id, manifest }: ListedBackup,
  { identities, pace, onProgress }: Options,
): Promise<void> {
  const folder = baseFolder(repository, id);
  const progress = { bytes: 0, totalBytes: manifest.files.reduce((sum, file) => sum + file.packedBytes, 0) };
  const open = (file: BackupFile) =>
    getUnpacked({
      storage: repository.storage,
      folder,
      file,
      identities: manifest.encryption ? identities : null,
      pace,
      onBytes(bytes) {
        progress.bytes += bytes;
        onProgress?.(progress);
      },
    });
  const list = manifest.files.find(({ name }) => name.startsWith("backup_manifest"));
  // A dump has no manifest of its own: the hashes of its files are in ours.
  if (!list && manifest.kind === "physical") throw damaged(folder, "PostgreSQL's manifest is not among its files");
  const expected: Expected = list ? readPostgresManifest(await text(await open(list))) : new Map();
  for (const file of manifest.files) {
    if (file === list) continue;
    const body = await open(file);
    const [, tablespace] = /^(base|\d+)\.tar\b/.exec(file.name) ?? [];
    if (tablespace) {
      const prefix = tablespace === "base" ? "" : `pg_tblspc/${tablespace}/`;
      await compareTar(body, prefix, expected, folder).catch(error => {
        throw asDamaged(error, `${folder}${file.name}`);
      });
    } else for await (const _ of body); // getUnpacked() compares
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw damaged(folder, `${missing} is missing`);
}

type Expected = Map<string, { size: number; checksum: string }>;

/** See "Backup Manifest Format" in PostgreSQL's manual. */
function readPostgresManifest(json: string): Expected {
  const { Files: files } = JSON.parse(json) as {
    Files: { Path?: string; "Encoded-Path"?: string; Size: number; Checksum: string }[];
  };
  return new Map(
    files.map(({ Path: path, "Encoded-Path": encoded = "", Size: size, Checksum: checksum }) => [
      path ?? Buffer.from(encoded, "hex").toString(),
      { size, checksum },
    ]),
  );
}

/** Removes from `expected` what the tar holds. The WAL is not in PostgreSQL's manifest; its records have checksums. */
async function compareTar(body: Readable, prefix: string, expected: Expected, folder: string): Promise<void> {
  const entries = Readable.toWeb(body).pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body: content } of entries) {
    const path = `${prefix}${header.name.replace(/^\.\//, "")}`;
    const hash = createHash("sha256");
    for await (const chunk of content) hash.update(chunk);
    const file = expected.get(path);
    if (!file) continue;
    if (file.size !== header.size || file.checksum !== hash.digest("hex")) throw damaged(folder, `${path} has changed`);
    expected.delete(path);
  }
}
