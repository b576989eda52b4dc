import { join } from "node:path";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { chooseAccount } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { createCluster, readClusterMajor } from "./cluster.ts";
import { explainFolderError } from "./folder-errors.ts";
import { restartAfterFullDisk } from "./full-disk.ts";
import { stopLeftover } from "./leftover.ts";
import { run } from "./own-process.ts";
import { type Postmaster, startPostmaster } from "./postmaster.ts";
import { prepareServerRole, serverUrl } from "./server-role.ts";
import { initdbArgs, limitSlots, required } from "./settings.ts";
import { showStatements, watchStatements } from "./statement-watch.ts";

/**
 * Starts the PostgreSQL that npm installed, with its data in `<dataDir>/postgres` and its log in `<dataDir>/postgres.log`.
 * The first start creates the cluster. A PostgreSQL left by a killed server is stopped first. The caller must hold the
 * folder (data-folder.ts).
 * @returns with the URL of the server's role, which is no superuser
 * @throws AppError "data_folder_other_version", "disk_full" or "database_failed"
 */
export async function startEmbedded(p: {
  dataDir: string;
  password: string;
  log: Log;
  /** other settings of this start */
  settings?: Record<string, string>;
}): Promise<Postmaster> {
  const binaries = await findBinaries();
  const dir = clusterPath(p.dataDir);
  try {
    const clusterMajor = await readClusterMajor(dir);
    if (clusterMajor) await refuseOtherMajor(p.dataDir, clusterMajor, await readMajor(binaries));
    const account = await chooseAccount({ folder: p.dataDir, cluster: dir, program: binaries.postgres });
    if (clusterMajor) await stopLeftover(dir, p.log);
    else {
      p.log.info(`Creating the database in ${dir}`);
      await createCluster({ binaries, account, dir, password: p.password, initdbArgs });
    }
    const logPath = join(p.dataDir, "postgres.log");
    const watching = await watchStatements({ binaries, account, dir });
    const start = {
      binaries,
      account,
      dir,
      password: p.password,
      logPath,
      settings: { ...required, ...watching, ...(await limitSlots(p.dataDir)), ...p.settings },
    };
    const postmaster = await startPostmaster(start);
    const port = Number(new URL(postmaster.url).port);
    try {
      await prepareServerRole({ url: postmaster.url, password: p.password });
      if ("pg_stat_statements.track_utility" in watching) await showStatements(postmaster.url);
    } catch (error) {
      await postmaster.stop();
      throw error;
    }
    const url = serverUrl(p.password, port);
    return restartAfterFullDisk(
      { ...postmaster, url },
      { folder: p.dataDir, log: p.log, start: () => startPostmaster({ ...start, port }) },
    );
  } catch (error) {
    throw error instanceof AppError ? error : explainFolderError(p.dataDir, error);
  }
}

export const clusterPath = (dataDir: string) => join(dataDir, "postgres");

async function readMajor(binaries: Binaries): Promise<string> {
  const { output } = await run(null, binaries.postgres, ["--version"]);
  return /\(PostgreSQL\) (\d+)/.exec(output)?.[1] ?? "unknown";
}

async function refuseOtherMajor(dataDir: string, theirs: string, ours: string): Promise<void> {
  if (theirs === ours) return;
  throw new AppError(
    "data_folder_other_version",
    `The data folder ${dataDir} was created by PostgreSQL ${theirs}; this Pro LiveChat includes ${ours}. ` +
      `Start the version that created it, or set DATA_DIR to another folder. Nothing was changed.`,
  );
}
