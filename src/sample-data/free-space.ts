import { statfs } from "node:fs/promises";
import { isIP } from "node:net";
import type pg from "pg";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import type { Found } from "./remove.ts";

/**
 * Bytes per message, with its share of all other rows. `prochat bench generate --messages 2000000` left a database of 336
 * bytes per message and wrote 418 of WAL; texts from a corpus are longer.
 */
const tableBytes = 400;
const walBytes = 500;

/**
 * Checks that the database's disk has free space for the messages, with the space that the earlier generated data frees.
 * If the disk is on another machine, logs a warning instead.
 * @throws AppError "disk_full"
 */
export async function checkFreeSpace(
  client: pg.ClientBase,
  { url, messages, found, log }: { url: string; messages: number; found: Found; log: Log | undefined },
): Promise<void> {
  const { folder, maxWalBytes, usedBytes } = await readDatabase(client);
  const freeBytes = folder && isLocal(url) ? await findFreeBytes(folder) : null;
  if (freeBytes === null) {
    log?.warn("The free space for the messages was not checked: the database's disk is not on this machine.");
    return;
  }
  const neededBytes = messages * tableBytes + Math.min(messages * walBytes, maxWalBytes);
  // A truncate frees space at once, a delete does not.
  const freedBytes = found.realCount === 0 && found.generatedIds.length > 0 ? usedBytes : 0;
  if (neededBytes <= freeBytes + freedBytes) return;
  throw new AppError(
    "disk_full",
    `${messages.toLocaleString("en-US")} messages need about ${gigabytes(neededBytes)} on the disk of ${folder}, which ` +
      `has ${gigabytes(freeBytes + freedBytes)} for them. Free some space, or generate fewer messages.`,
  );
}

/** The folder is null if the database's user may not see this setting. */
async function readDatabase(client: pg.ClientBase) {
  const { rows } = await client.query<{ folder: string | null; maxWalBytes: string; usedBytes: string }>(
    `select (select setting from pg_settings where name = 'data_directory') as folder,
       pg_size_bytes(current_setting('max_wal_size')) as "maxWalBytes",
       (select sum(pg_total_relation_size(relid)) from pg_partition_tree('messages')) as "usedBytes"`,
  );
  const { folder, maxWalBytes, usedBytes } = rows[0]!;
  return { folder, maxWalBytes: Number(maxWalBytes), usedBytes: Number(usedBytes) };
}

/** True if the database's address is this machine. */
function isLocal(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return host === "" || host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Null if the folder is not visible here, as with a database in a container. */
async function findFreeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
