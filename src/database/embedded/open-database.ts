import { setTimeout as sleep } from "node:timers/promises";
import { examineDatabase } from "#database/connection/examine.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { type DataFolder, openDataFolder, readHeldSecrets } from "./data-folder.ts";
import { listClusterProcesses, readPostmasterFile } from "./leftover.ts";
import { serverUrl } from "./server-role.ts";
import { clusterPath, startEmbedded } from "./start.ts";

export type OpenDatabase = {
  /** of a direct connection, for migrations and pools */
  url: string;
  /** at least 32 random characters, the same at each start */
  secret: string;
  stop(): Promise<void>;
  /** resolves when the embedded PostgreSQL has ended for any reason; never with DATABASE_URL */
  exited: Promise<void>;
};

type Options = {
  dataDir: string;
  /** null: the embedded PostgreSQL */
  databaseUrl: string | null;
  /** null or absent: that of the data folder */
  secret?: string | null;
  log: Log;
};

/**
 * Locks the data folder for this process and starts the embedded PostgreSQL in it, unless `databaseUrl` is given.
 * @throws AppError as openDataFolder() and startEmbedded(); nothing is left running or locked
 */
export async function openDatabase({ dataDir, databaseUrl, log, ...given }: Options): Promise<OpenDatabase> {
  const folder = await openDataFolder(dataDir);
  const secret = given.secret ?? folder.secrets.secret;
  if (databaseUrl) return { url: databaseUrl, secret, stop: folder.close, exited: new Promise(() => {}) };
  const embedded = await startIn(folder, log);
  return {
    url: embedded.url,
    secret,
    exited: embedded.exited.then(() => {}),
    async stop() {
      await embedded.stop();
      await folder.close();
    },
  };
}

/**
 * Opens the database for a command of the command line: the one of the server that runs on the data folder, otherwise one
 * that runs until the command ends.
 * @throws AppError as openDatabase()
 */
export async function borrowDatabase(options: Options): Promise<{ url: string; stop(): Promise<void> }> {
  if (options.databaseUrl) {
    return { url: await examineDatabase(options.databaseUrl, { isWritten: false }), stop: async () => {} };
  }
  for (const end = Date.now() + 30_000; ; await sleep(200)) {
    const url = await findRunning(options.dataDir);
    if (url) return { url, stop: async () => {} };
    try {
      return await openDatabase(options);
    } catch (error) {
      // The holder is just starting or stopping: retry.
      if (!(error instanceof AppError && error.code === "data_folder_in_use") || Date.now() > end) throw error;
    }
  }
}

async function findRunning(dataDir: string): Promise<string | null> {
  const secrets = await readHeldSecrets(dataDir);
  const postmaster = await readPostmasterFile(clusterPath(dataDir));
  if (!secrets || !postmaster?.ready) return null;
  const alive = await listClusterProcesses(clusterPath(dataDir));
  return alive.includes(postmaster.pid) ? serverUrl(secrets.databasePassword, postmaster.port) : null;
}

async function startIn(folder: DataFolder, log: Log) {
  try {
    return await startEmbedded({ dataDir: folder.dir, password: folder.secrets.databasePassword, log });
  } catch (error) {
    await folder.close();
    throw error;
  }
}
