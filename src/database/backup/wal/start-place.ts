import { AppError } from "#protocol/errors.ts";
import { listTimeline, listTimelines, segmentKey, type WalArchive } from "./archive.ts";
import type { Cluster } from "./archiver.ts";
import { listParts } from "./parts.ts";
import { formatLsn, type Lsn, parseSegmentName, segmentName, startOfSegment } from "./positions.ts";
import type { Slot } from "./slot.ts";

export type Place = { timeline: number; start: Lsn };

/**
 * Where the archive ends: after its newest complete segment of all timelines. Null if it holds none.
 * @param atMost  the timeline and position of PostgreSQL
 * @throws AppError "backup_failed" if the archive holds more of the timeline than PostgreSQL has
 */
export async function findEnd(archive: WalArchive, { segmentBytes }: Cluster, atMost: Place): Promise<Place | null> {
  const timelines = (await listTimelines(archive)).filter(timeline => timeline <= atMost.timeline);
  for (const timeline of timelines.reverse()) {
    const newest = (await listTimeline(archive, timeline)).segments.at(-1);
    if (!newest) continue;
    const { start } = parseSegmentName(newest, segmentBytes)!;
    if (timeline === atMost.timeline && start > atMost.start) throw setBack(archive, newest, atMost);
    return { timeline, start: start + BigInt(segmentBytes) };
  }
  return null;
}

/** The start of the segment that holds the first byte that is not confirmed. */
export const placeOf = ({ timeline, restart }: Slot, { segmentBytes }: Cluster): Place => ({
  timeline,
  start: startOfSegment(restart, segmentBytes),
});

/** True if the archive holds the segment before, or has gone on here already. */
export async function isContinued(archive: WalArchive, { segmentBytes }: Cluster, place: Place): Promise<boolean> {
  const before = place.start - BigInt(segmentBytes);
  for (let timeline = place.timeline; timeline > 0; timeline--) {
    if (await archive.storage.head(segmentKey(archive, segmentName(timeline, before, segmentBytes)))) return true;
  }
  return (await listParts(archive, segmentName(place.timeline, place.start, segmentBytes))).length > 0;
}

const setBack = ({ storage }: WalArchive, newest: string, { start }: Place) =>
  new AppError(
    "backup_failed",
    `${storage.description} holds the WAL segment ${newest}, but the database has only come to ${formatLsn(start)}. Its files ` +
      "were replaced by an older copy. Use prochat restore for copies: it begins a new line of backups.",
  );
