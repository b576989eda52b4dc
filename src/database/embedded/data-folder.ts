import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { explainFolderError } from "./folder-errors.ts";
import { acquireLock, findHolder, type Holder, isHere, type Lock } from "./instance-lock.ts";
import { findSecrets, openSecrets, type Secrets } from "./secrets.ts";
import { finishSwap } from "./swap.ts";

export type DataFolder = { dir: string; secrets: Secrets; close(): Promise<void> };

const minFreeBytes = 200 * 1024 * 1024;

/**
 * Creates the data folder on the first start, for its owner only. Checks that it can be used, and locks it for this
 * process until it is closed.
 * @param options.minBytes  free space that its disk must have
 * @throws AppError "data_folder_unusable", "data_folder_in_use" or "disk_full"
 */
export async function openDataFolder(dir: string, { minBytes = minFreeBytes } = {}): Promise<DataFolder> {
  try {
    const lock = await lockFolder(dir, minBytes);
    try {
      await finishSwap(dir);
      return { dir, secrets: await openSecrets(secretsPath(dir)), close: lock.release };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw error instanceof AppError ? error : explainFolderError(dir, error);
  }
}

/**
 * As openDataFolder(), for a restore: nothing is created in it but the lock.
 * @throws as openDataFolder()
 */
export async function lockDataFolder(dir: string): Promise<Lock> {
  try {
    return await lockFolder(dir, 0);
  } catch (error) {
    throw error instanceof AppError ? error : explainFolderError(dir, error);
  }
}

async function lockFolder(dir: string, minBytes: number): Promise<Lock> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  await checkFreeSpace(dir, minBytes);
  const lock = await acquireLock(lockPath(dir));
  if ("pid" in lock) throw inUse(dir, lock);
  return lock;
}

/** The secrets of a folder that a running Pro LiveChat holds; null if none holds it, or it has not written them yet. */
export async function readHeldSecrets(dir: string): Promise<Secrets | null> {
  try {
    return (await findHolder(lockPath(dir))) ? await findSecrets(secretsPath(dir)) : null;
  } catch (error) {
    throw error instanceof AppError ? error : explainFolderError(dir, error);
  }
}

const lockPath = (dir: string) => join(dir, "lock");
export const secretsPath = (dir: string) => join(dir, "secrets.json");

async function checkFreeSpace(dir: string, minBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize >= minBytes) return;
  const [free, needed] = [bavail * bsize, minBytes].map(bytes => Math.floor(bytes / 1024 / 1024));
  throw new AppError(
    "disk_full",
    `The disk of ${dir} has ${free} MB left; a start needs ${needed} MB. Free some space, or set DATA_DIR to another disk.`,
  );
}

function inUse(dir: string, holder: Holder): AppError {
  const who = isHere(holder) ? `process ${holder.pid}` : "in another container or on another machine";
  const remedy = isHere(holder) ? `Stop it (kill ${holder.pid})` : "Stop it";
  return new AppError(
    "data_folder_in_use",
    `The data folder ${dir} is in use by another Pro LiveChat (${who}). ${remedy}, or set DATA_DIR to another folder.`,
    { details: holder },
  );
}
