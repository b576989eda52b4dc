import { createHash } from "node:crypto";
import type { BackupManifest } from "#database/backup/manifest.ts";
import { baseFolder, type Repository, registerRepository, writeManifest } from "#database/backup/repository.ts";
import { manifestOf } from "./manifest.ts";

type Given = { id: string; startedAt: Date; body: string; keepUntil?: Date; manifest?: Partial<BackupManifest> };

/** A backup as it lies in a store, with one file that is not packed: for what reads lists and bytes, not for a restore. */
export async function storeBackup(
  repository: Repository,
  { id, startedAt, body, keepUntil, manifest }: Given,
): Promise<void> {
  await registerRepository(repository);
  const bytes = Buffer.from(body);
  const packedSha256 = createHash("sha256").update(bytes).digest("hex");
  await repository.storage.put(`${baseFolder(repository, id)}base.tar`, bytes);
  const changes = {
    startedAt: startedAt.toISOString(),
    finishedAt: startedAt.toISOString(),
    keepUntil: keepUntil?.toISOString() ?? null,
    systemIdentifier: repository.name.split("-")[0]!,
    files: [
      { name: "base.tar", packing: "none" as const, plainBytes: bytes.length, packedBytes: bytes.length, packedSha256 },
    ],
    ...manifest,
  };
  await writeManifest(repository, manifestOf(id, changes));
}
