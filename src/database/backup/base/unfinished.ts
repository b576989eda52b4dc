import { baseFolder, type Repository } from "#database/backup/repository.ts";
import type { Log } from "#platform/log.ts";

/** Deletes what backups that were killed have left. To be called by the only one that runs on the cluster. */
export async function removeUnfinished(repository: Repository, log: Log): Promise<void> {
  const prefix = `backups/${repository.name}/base/`;
  const [found, complete] = [new Set<string>(), new Set<string>()];
  for await (const { key } of repository.storage.list(prefix)) {
    const [id = "", file] = key.slice(prefix.length).split("/");
    found.add(id);
    if (file === "backup.json") complete.add(id);
  }
  for (const id of found) if (!complete.has(id)) await removeFolder(repository, id, log);
}

/** A key that may not delete leaves them: they are never listed. */
export async function removeFolder(repository: Repository, id: string, log: Log): Promise<void> {
  try {
    const keys: string[] = [];
    for await (const { key } of repository.storage.list(baseFolder(repository, id))) keys.push(key);
    for (const key of keys) await repository.storage.delete(key);
  } catch (error) {
    log.warn(`What the unfinished backup ${id} has written could not be deleted: ${(error as Error).message}`);
  }
}
