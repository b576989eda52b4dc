import { getUnpacked } from "#database/backup/base/packing.ts";
import { baseFolder, type ListedBackup } from "#database/backup/repository.ts";
import type { Wanted } from "#database/privacy/traces.ts";

/**
 * True if the bytes of a backup hold one of the ids or texts, as the tables' files have them. False says less: a value that
 * PostgreSQL has compressed (of about 2,000 characters and more) is not found this way, and neither is one in the WAL.
 * @param identities  secret keys of age
 * @throws AppError "backup_failed" without its key, "backup_damaged", "storage_unavailable"
 */
export async function isInBackup(
  { repository, id, manifest }: ListedBackup,
  { ids, texts }: Wanted,
  identities: string[],
): Promise<boolean> {
  const inBinary = ids.map(each => Buffer.from(each.replaceAll("-", ""), "hex"));
  const wanted = [...inBinary, ...[...ids, ...texts].map(each => Buffer.from(each))].map(asLowerCase);
  const longest = Math.max(...wanted.map(({ length }) => length));
  for (const file of manifest.files) {
    const folder = baseFolder(repository, id);
    const keys = manifest.encryption ? identities : null;
    const body = await getUnpacked({ storage: repository.storage, folder, file, identities: keys });
    let tail = "";
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const bytes = tail + asLowerCase(chunk);
      if (wanted.some(each => bytes.includes(each))) {
        body.destroy();
        return true;
      }
      tail = bytes.slice(-longest);
    }
  }
  return false;
}

/** A character a byte: whatever bytes are changed by it are changed in both that are compared. */
const asLowerCase = (bytes: Buffer): string => bytes.toString("latin1").toLowerCase();
