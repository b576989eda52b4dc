import type { Db } from "#database/connect.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import { exportRows } from "#database/export/export.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import type { Log } from "#platform/log.ts";
import { isTransient } from "#platform/retry.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { AppError } from "#protocol/errors.ts";
import { scopeOf } from "./actions.ts";
import { isGzipped, keyOf } from "./file.ts";
import {
  claimExport,
  deleteExport,
  type ExportRow,
  findExport,
  finishExport,
  listExpired,
  listStalled,
  noteProgress,
} from "./queries.ts";

type Parts = { url: string; db: Db; storage: Storage; log: Log };
type Key = { websiteId: number; id: string };

const progressMs = 1_000;

/** Writes an export into the storage. A run that was killed is done again by the next sweep, from its beginning. */
export async function runExport(parts: Parts, key: Key): Promise<void> {
  if (!(await claimExport(parts.db, key))) return;
  const row = (await findExport(parts.db, key))!;
  let rows = 0;
  const timer = setInterval(() => void noteProgress(parts.db, { ...key, rows }).catch(() => {}), progressMs);
  try {
    const written = await write(parts, row, count => {
      rows += count;
    });
    await finishExport(parts.db, { ...key, ...written, rows, state: "done", problem: null });
    if (!(await findExport(parts.db, key))) await parts.storage.deleteAllVersions(keyOf(row)); // deleted meanwhile
  } catch (error) {
    // The next sweep finds it.
    if (isTransient(error)) return parts.log.warn(`An export waits for the database: ${(error as Error).message}`);
    const problem = error instanceof AppError ? error.message : "An error of the server; its log says which.";
    parts.log.error(`The export ${key.id} failed: ${error instanceof Error ? error.message : error}`);
    await finishExport(parts.db, { ...key, state: "failed", rows, sizeBytes: null, sha256: null, problem });
  } finally {
    clearInterval(timer);
  }
}

async function write({ url, storage }: Parts, row: ExportRow, onRows: (count: number) => void) {
  const client = await connectDirectly(url);
  try {
    const { format } = row;
    const scope = scopeOf(row.websiteId, row.scope);
    const stream = exportRows(client, { scope, format, table: null, isGzipped: isGzipped(format), onRows });
    return await storage.put(keyOf(row), stream);
  } finally {
    await client.end();
  }
}

/**
 * Deletes exports that have expired with their files, and finds those that no server runs.
 * @param addRun  adds the job that runs one
 */
export async function sweepExports({ db, storage }: Parts, addRun: (key: Key) => Promise<void>): Promise<void> {
  for (const websiteId of await listWebsiteIds(db)) {
    for (const expired of await listExpired(db, { websiteId, before: new Date() })) {
      await storage.deleteAllVersions(keyOf(expired));
      await deleteExport(db, expired);
    }
    for (const key of await listStalled(db, websiteId)) await addRun(key);
  }
}
