import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { historyKey, storeSegment, type WalArchive } from "./archive.ts";
import { findPageProblem } from "./pages.ts";
import { parseSegmentName } from "./positions.ts";

type Cluster = { systemIdentifier: string; segmentBytes: number };

/**
 * Moves complete WAL segments into the archive, from the folder that PostgreSQL fills by archive_library = basic_archive, the
 * oldest first. A segment leaves the folder when it was read back from the store, so a kill loses none.
 * @returns the segments that were moved
 * @throws AppError "backup_damaged" for one that is no segment of this cluster, which stays; "storage_unavailable",
 *   "backup_failed" if the archive holds another history
 */
export async function storeFromFolder(archive: WalArchive, folder: string, cluster: Cluster): Promise<string[]> {
  const moved: string[] = [];
  // PostgreSQL gives a file its name when it is whole.
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const [, timeline] = /^([0-9A-F]{8})\.history$/.exec(name) ?? [];
    const place = parseSegmentName(name, cluster.segmentBytes);
    if (timeline) await archive.storage.put(historyKey(archive, Number.parseInt(timeline, 16)), await readFile(path));
    if (!place) continue;
    const bytes = await readFile(path);
    const isWhole = bytes.length === cluster.segmentBytes;
    const problem = isWhole ? findPageProblem(bytes, { ...cluster, ...place }) : `it has ${bytes.length} bytes`;
    if (problem) throw new AppError("backup_damaged", `${path} is no WAL segment of this database: ${problem}.`);
    await storeSegment(archive, name, bytes);
    await rm(path);
    moved.push(name);
  }
  return moved;
}
