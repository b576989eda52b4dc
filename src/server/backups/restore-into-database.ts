import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "#database/backup/repository.ts";
import { findRestoreTool, loadDump } from "#database/backup/restore/load-dump.ts";
import { emptyDatabase, finishDatabase, prepareDatabase } from "#database/backup/restore/own-database.ts";
import { unpackSecrets } from "#database/backup/restore/unpack.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { secretsPath } from "#database/embedded/data-folder.ts";
import { AppError } from "#protocol/errors.ts";
import { prepareRestored, requireLedger } from "./prepare-restored.ts";
import { bringBack, type Restored, type RestoreOptions, requireSameTables } from "./restore.ts";

type Options = Omit<RestoreOptions, "target" | "isReplaced" | "wal"> & {
  /** of a direct connection to an empty database */
  url: string;
};

/**
 * Restores a logical backup into a database that somebody else runs: into an empty one, never over live data. It opens when the
 * erasures are replayed and all is checked. If that fails, it is empty again.
 * @throws AppError with the next step
 */
export async function restoreIntoDatabase(p: Options): Promise<Restored> {
  const { backup, url } = p;
  if (backup.manifest.kind === "physical") {
    throw new AppError(
      "conflict",
      `The backup ${backup.id} is physical: it is a whole PostgreSQL, and is restored into a folder (--into /path). Into a ` +
        "database goes a logical one: prochat backup --method logical.",
    );
  }
  await requireLedger(p);
  await findRestoreTool(backup);
  await askDirectly(url, client => prepareDatabase(client, backup));
  const id = newId(new Date());
  const scratchDir = join(p.dataDir, `restoring-${id}`);
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  try {
    await loadDump(backup, { ...p, scratchDir });
    await requireSameTables(backup, url);
    const files = await bringBack(p);
    const erasures = await prepareRestored({ ...p, target: { to: "backup" }, id, folder: null, superuserUrl: url });
    if (!existsSync(secretsPath(p.dataDir))) await unpackSecrets(backup, { ...p, folder: p.dataDir });
    await askDirectly(url, client => finishDatabase(client, backup));
    return { id, safetyCopy: null, erasures, files };
  } catch (error) {
    await askDirectly(url, client => emptyDatabase(client, backup)).catch(failure =>
      p.log.warn(`What was loaded could not be removed: ${failure.message}`),
    );
    throw error;
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}
