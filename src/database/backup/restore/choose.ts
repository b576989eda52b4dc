import { type DamagedBackup, type ListedBackup, listBackups, listRepositories } from "#database/backup/repository.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * Finds the backup that is meant.
 * @param wanted  an id, or "latest"
 * @param before  only backups that ended before this moment, and can be brought to it; null: all
 * @throws AppError "not_found" with what there is; "backup_damaged" if its manifest is; "conflict" if "latest" may mean
 *   backups of several clusters
 */
export async function chooseBackup(
  storage: Storage,
  wanted: string,
  before: Date | null = null,
): Promise<ListedBackup> {
  const lists = await Promise.all((await listRepositories(storage)).map(listBackups));
  refuseDamaged(
    lists.flatMap(({ damaged }) => damaged),
    wanted,
  );
  const candidates = lists.map(({ backups }) => backups.filter(backup => isMeant(backup, wanted, before)));
  const found = candidates.flatMap(backups => backups.slice(0, 1));
  if (found.length > 1) {
    const ids = found.map(({ id, repository }) => `${id} (cluster ${repository.name})`).join(", ");
    throw new AppError(
      "conflict",
      `There are backups of ${found.length} clusters. Name one instead of "latest": ${ids}.`,
    );
  }
  if (found[0]) return found[0];
  const named = before && lists.flatMap(({ backups }) => backups).find(({ id }) => id === wanted);
  if (named?.manifest.kind === "logical") {
    throw new AppError(
      "conflict",
      `The backup ${wanted} is logical: only its own moment, ${named.manifest.startedAt}, can be restored. Leave out --to-time, ` +
        "or choose a physical one.",
    );
  }
  const what = wanted === "latest" ? "no backup" : `no complete backup ${wanted}`;
  const when = before ? ` that ended before ${before.toISOString()}` : "";
  throw new AppError("not_found", `There is ${what}${when} in ${storage.description}. See prochat backup list.`);
}

const isMeant = ({ id, manifest }: ListedBackup, wanted: string, before: Date | null) =>
  (wanted === "latest" || wanted === id) &&
  (!before || (manifest.kind === "physical" && new Date(manifest.finishedAt) <= before));

/** "latest" must not silently mean an older one. */
function refuseDamaged(damaged: DamagedBackup[], wanted: string): void {
  const found = damaged.find(({ id }) => id === wanted);
  if (found) throw new AppError("backup_damaged", found.reason);
}
