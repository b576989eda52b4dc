import { getUnpacked } from "#database/backup/base/packing.ts";
import type { BackupManifest } from "#database/backup/manifest.ts";
import { baseFolder, type ListedBackup } from "#database/backup/repository.ts";

type BackupFile = BackupManifest["files"][number];

export type ReadOptions = {
  /** secret keys of age */
  identities: string[];
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

/**
 * Opens files of a backup one after another: unpacked, and compared with the manifest while they are read. Progress counts
 * packed bytes, of all files.
 * @throws AppError "backup_damaged", "backup_failed" for a wrong key, "storage_unavailable"
 */
export function openFiles(
  { repository, id, manifest }: ListedBackup,
  files: BackupFile[],
  { identities, onProgress }: ReadOptions,
): (file: BackupFile) => ReturnType<typeof getUnpacked> {
  const progress = { bytes: 0, totalBytes: files.reduce((sum, file) => sum + file.packedBytes, 0) };
  return file =>
    getUnpacked({
      storage: repository.storage,
      folder: baseFolder(repository, id),
      file,
      identities: manifest.encryption ? identities : null,
      onBytes(bytes) {
        progress.bytes += bytes;
        onProgress?.(progress);
      },
    });
}
