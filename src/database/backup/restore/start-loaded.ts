import pg from "pg";
import type { ListedBackup } from "#database/backup/repository.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { secretsPath } from "#database/embedded/data-folder.ts";
import { embeddedUrl, type Postmaster } from "#database/embedded/postmaster.ts";
import { openSecrets } from "#database/embedded/secrets.ts";
import { startEmbedded } from "#database/embedded/start.ts";
import type { Log } from "#platform/log.ts";
import { dumpOf, findRestoreTool, loadDump } from "./load-dump.ts";
import { requireSpace, reserveBytes, unpackSecrets } from "./unpack.ts";

type Options = {
  backup: ListedBackup;
  /** exists, and is empty */
  folder: string;
  identities: string[];
  log: Log;
  settings?: Record<string, string>;
  onProgress?(progress: { bytes: number; totalBytes: number }): void;
};

/**
 * Makes a cluster of the PostgreSQL that comes along, and loads a logical backup into it.
 * @returns with the URL of the superuser
 * @throws AppError "disk_full" or "backup_failed" before anything is written, and as loadDump()
 */
export async function startLoaded(p: Options): Promise<Postmaster> {
  const { backup, folder, log } = p;
  const { homeSchema, tableBytes } = dumpOf(backup.manifest);
  await findRestoreTool(backup);
  // The dump, the tables, their indexes and the WAL of loading them.
  await requireSpace(folder, 3 * tableBytes + reserveBytes);
  await unpackSecrets(backup, p);
  const { databasePassword: password } = await openSecrets(secretsPath(folder));
  const settings = p.settings && { settings: p.settings };
  const postmaster = await startEmbedded({ dataDir: folder, password, log, ...settings });
  try {
    const url = embeddedUrl(password, Number(new URL(postmaster.url).port));
    if (homeSchema !== "public") await askDirectly(url, client => client.query(makeHome(homeSchema)));
    await loadDump(backup, { ...p, url: postmaster.url, scratchDir: folder });
    return { ...postmaster, url };
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}

const makeHome = (schema: string) => {
  const name = pg.escapeIdentifier(schema);
  return `create schema ${name} authorization prochat_server; alter database prochat set search_path = ${name}`;
};
