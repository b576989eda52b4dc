import { constants, type Dirent } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Counted, createCounter } from "./counted.ts";
import type { Body } from "./storage.ts";

// Files and folders that are there after a crash, once the function has returned.

export async function writeFile(path: string, body: Body): Promise<Counted> {
  const counter = createCounter();
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      const writing = writeAll(file, bytes);
      counter.add(bytes); // meanwhile
      await writing;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return counter.result();
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Makes a folder so that it is there after a crash, too. */
export async function makeFolder(root: string, path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (!first) return;
  for (let made = path; made.startsWith(dirname(first)); made = dirname(made)) {
    await syncFolder(made);
    if (made === dirname(made) || made === dirname(root)) return;
  }
}

/** Windows cannot sync a folder. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes `path` and its parents below `root` as far as they are empty, and syncs the first that stays. */
export async function removeEmptyFolders(root: string, path: string): Promise<void> {
  for (let folder = path; folder.startsWith(root); folder = dirname(folder)) {
    try {
      if (folder === root || !(await removeIfEmpty(folder))) return await syncFolder(folder);
    } catch (error) {
      if (!isMissing(error)) throw error; // otherwise another delete was quicker
    }
  }
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes what a process that was killed has left. */
export async function removeAbandoned(path: string, maxAgeMs: number): Promise<void> {
  for (const { name } of await readFolder(path)) {
    const file = join(path, name);
    const found = await stat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > maxAgeMs) await rm(file, { force: true });
  }
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException)?.code;
export const isMissing = (error: unknown) => ["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(error) ?? "");
