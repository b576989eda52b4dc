import { randomUUID } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { AppError } from "#protocol/errors.ts";
import type { Counted } from "./counted.ts";
import {
  codeOf,
  isMissing,
  makeFolder,
  removeAbandoned,
  removeEmptyFolders,
  syncFolder,
  writeFile,
} from "./durable-files.ts";
import { requireKey, requirePrefix } from "./keys.ts";
import type { Body, ByteRange, Storage, StoredObject } from "./storage.ts";

/** No key begins with a dot, so no object can be here. */
const unfinished = ".unfinished";
const unfinishedMaxAgeMs = 24 * 3_600_000;

/**
 * Objects as files of a folder, which is made when the first is written. A file gets its name when it is whole and on the disk.
 * An object's key cannot be the folder of another one: "a" and "a/b" exclude each other.
 */
export function openFolder(folder: string): Storage {
  const pathOf = (key: string) => join(folder, ...key.split("/"));
  let abandoned: Promise<void> | null = null;

  async function write(key: string, body: Body): Promise<Counted> {
    const temporary = join(folder, unfinished, randomUUID());
    try {
      abandoned ??= removeAbandoned(join(folder, unfinished), unfinishedMaxAgeMs);
      await abandoned;
      await makeFolder(folder, dirname(temporary));
      const written = await writeFile(temporary, body);
      await publish(folder, temporary, pathOf(key));
      return written;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async function remove(key: string): Promise<number> {
    const path = pathOf(key);
    try {
      await requireInside(folder, dirname(path));
      await unlink(path);
    } catch (error) {
      if (await isAbsent(folder, error)) return 0;
      throw error;
    }
    await removeEmptyFolders(folder, dirname(path));
    return 1;
  }

  return {
    description: `the folder ${folder}`,
    async put(key, body) {
      requireKey(key);
      return explained(folder, () => write(key, body));
    },
    async get(key, range) {
      requireKey(key);
      return explained(folder, () => read(folder, key, pathOf(key), range));
    },
    async head(key) {
      requireKey(key);
      return explained(folder, () => describe(folder, key, pathOf(key)));
    },
    list(prefix) {
      requirePrefix(prefix);
      const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      return walk(folder, start, prefix);
    },
    async delete(key) {
      requireKey(key);
      await explained(folder, () => remove(key));
    },
    async deleteAllVersions(key) {
      requireKey(key);
      return explained(folder, () => remove(key));
    },
    async *listEarlierVersions() {},
    keepsVersions: async () => false,
  };
}

/** Gives a finished file its name. Tried again when a delete has just removed the folder, which was empty. */
async function publish(folder: string, temporary: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(folder, dirname(path));
      await requireInside(folder, dirname(path));
      await rename(temporary, path);
      break;
    } catch (error) {
      if (attempt === 20 || codeOf(error) !== "ENOENT") throw error;
    }
  }
  await syncFolder(dirname(path)).catch(error => {
    if (!isMissing(error)) throw error; // otherwise the object was deleted meanwhile
  });
}

async function read(folder: string, key: string, path: string, range?: ByteRange): Promise<Readable> {
  const file = await openForReading(folder, path).catch(async error => {
    throw (await isAbsent(folder, error)) ? missing(key) : error;
  });
  if (range && range.until <= range.from) {
    await file.close();
    return Readable.from([]);
  }
  return file.createReadStream(range ? { start: range.from, end: range.until - 1 } : {});
}

async function openForReading(folder: string, path: string): Promise<FileHandle> {
  await requireInside(folder, dirname(path));
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw Object.assign(new Error("is a folder"), { code: "ENOENT" });
}

async function describe(folder: string, key: string, path: string): Promise<StoredObject | null> {
  try {
    const found = await lstat(path);
    return found.isFile() ? { key, sizeBytes: found.size, modifiedAt: found.mtime } : null;
  } catch (error) {
    if (await isAbsent(folder, error)) return null;
    throw error;
  }
}

/** False if a file stands in the place of the folder itself: then the objects are not missing, the store is away. */
async function isAbsent(folder: string, error: unknown): Promise<boolean> {
  return isMissing(error) && (codeOf(error) !== "ENOTDIR" || (await stat(folder)).isDirectory());
}

/** In the order of the keys, which is not that of the names: "a.b" is before "a/b", and the folder "a" is "a/". */
async function* walk(folder: string, start: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = await explained(folder, () => list(folder, join(folder, ...start.split("/"))));
  const keys = entries.map(entry => `${start}${entry.name}${entry.isDirectory() ? "/" : ""}`).sort();
  for (const key of keys) {
    if (key.startsWith(`${unfinished}/`)) continue;
    if (key.endsWith("/")) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(folder, key, prefix);
    } else if (key.startsWith(prefix)) {
      const found = await explained(folder, () => describe(folder, key, join(folder, ...key.split("/"))));
      if (found) yield found; // otherwise it was deleted meanwhile
    }
  }
}

async function list(folder: string, path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (await isAbsent(folder, error)) return [];
    throw error;
  }
}

/** A link that somebody has put into the folder must not lead out of it. */
async function requireInside(folder: string, path: string): Promise<void> {
  const below = relative(await realpath(folder), await realpath(path));
  if (below.split(sep)[0] === "..") {
    throw new AppError("storage_unavailable", `${path} leads out of ${folder}. Remove the link.`);
  }
}

async function explained<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    // The body's own failure is not one of the folder.
    const isOfFolder =
      (error as NodeJS.ErrnoException)?.syscall && !/^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/.test(code ?? "");
    if (!code || !isOfFolder) throw error;
    throw new AppError("storage_unavailable", `The folder ${folder} cannot be used: ${reasons[code] ?? code}`, {
      cause: error,
    });
  }
}

const reasons: Record<string, string> = {
  ENOSPC: "the disk is full. Make space; nothing was changed.",
  EDQUOT: "the quota of the disk is used up. Make space; nothing was changed.",
  EACCES: "it may not be read or written. Give the user that runs the server access to it.",
  EPERM: "it may not be changed. Give the user that runs the server access to it.",
  EROFS: "its disk is read-only. Mount it for writing.",
  EIO: "its disk reports an error. Check the disk.",
  EEXIST: "a file and a folder want the same name.",
  ENOTDIR: "a file and a folder want the same name.",
  EISDIR: "a file and a folder want the same name.",
};

const missing = (key: string) => new AppError("not_found", `There is no stored object "${key}".`);
