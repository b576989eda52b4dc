import { statfs } from "node:fs/promises";
import { isIP } from "node:net";
import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import type { Found } from "./remove.ts";

/**
 * Of a message, with its share of all other rows. `prochat bench generate --messages 2000000` left a database of 336
 * bytes a message and wrote 418 of WAL; texts from a corpus are longer.
 */
const tableBytes = 400;
const walBytes = 500;

/**
 * Checks that the database's disk has room for so many messages, with what an earlier generation gives back. Where the
 * disk cannot be seen from here it says so and goes on.
 * @throws AppError "disk_full"
 */
export async function checkRoom(
  client: pg.ClientBase,
  { url, messages, found, log }: { url: string; messages: number; found: Found; log: Log | undefined },
): Promise<void> {
  const { folder, mostWalBytes, usedBytes } = await readDatabase(client);
  const freeBytes = folder && isHere(url) ? await findFree(folder) : null;
  if (freeBytes === null) {
    log?.warn("The database's disk cannot be seen from here: whether there is room for so much was not checked.");
    return;
  }
  const neededBytes = messages * tableBytes + Math.min(messages * walBytes, mostWalBytes);
  // Deleting, unlike truncating, gives the disk nothing back at once.
  const givenBackBytes = found.realCount === 0 && found.generatedIds.length > 0 ? usedBytes : 0;
  if (neededBytes <= freeBytes + givenBackBytes) return;
  throw new AppError(
    "disk_full",
    `${messages.toLocaleString("en-US")} messages need about ${gigabytes(neededBytes)} on the disk of ${folder}, which ` +
      `has ${gigabytes(freeBytes + givenBackBytes)} for them. Free some space, or generate fewer.`,
  );
}

/** The data folder is shown to superusers and to whom they let see it. */
async function readDatabase(client: pg.ClientBase) {
  const { rows } = await client.query<{ folder: string | null; mostWalBytes: string; usedBytes: string }>(
    `select (select setting from pg_settings where name = 'data_directory') as folder,
       pg_size_bytes(current_setting('max_wal_size')) as "mostWalBytes",
       (select sum(pg_total_relation_size(relid)) from pg_partition_tree('messages')) as "usedBytes"`,
  );
  const { folder, mostWalBytes, usedBytes } = rows[0]!;
  return { folder, mostWalBytes: Number(mostWalBytes), usedBytes: Number(usedBytes) };
}

/** Whether a database's address means this machine. */
function isHere(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return host === "" || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Null when there is no such folder here, as with a database in a container. */
async function findFree(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
