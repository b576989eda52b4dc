import { timelineFolder, type WalArchive } from "./archive.ts";
import { type Lsn, parseSegmentName, segmentName, startOfSegment } from "./positions.ts";

/** A segment that is stored, complete or in parts. */
export type Stored = { name: string; isComplete: boolean; storedAt: Date };

/** Lists the segments of a timeline, in order. */
export async function listStored(archive: WalArchive, timeline: number): Promise<Stored[]> {
  const prefix = timelineFolder(archive, timeline);
  const stored = new Map<string, Stored>();
  for await (const { key, modifiedAt } of archive.storage.list(prefix)) {
    const [, name, ending] = /^(?:parts\/)?([0-9A-F]{24})(\.zst|\/)/.exec(key.slice(prefix.length)) ?? [];
    if (!name) continue;
    const known = stored.get(name);
    if (ending === ".zst") stored.set(name, { name, isComplete: true, storedAt: modifiedAt });
    else if (!known?.isComplete && (!known || known.storedAt < modifiedAt))
      stored.set(name, { name, isComplete: false, storedAt: modifiedAt });
  }
  return [...stored.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export type Reach = {
  /** what was stored by then can be restored; null: not even the first segment is there */
  until: Date | null;
  /** the first segment that is missing though later ones are there */
  missing: string | null;
};

/**
 * How far the WAL after a position goes without a gap. Nothing is read: verifyWal() says whether it is right.
 * @param stored  of the position's timeline, by listStored()
 */
export function findReach(stored: Stored[], p: { timeline: number; from: Lsn; segmentBytes: number }): Reach {
  const byName = new Map(stored.map(each => [each.name, each]));
  const newest = stored.at(-1)?.name ?? "";
  let until: Date | null = null;
  for (let start = startOfSegment(p.from, p.segmentBytes); ; start += BigInt(p.segmentBytes)) {
    const name = segmentName(p.timeline, start, p.segmentBytes);
    const found = byName.get(name);
    if (!found || (!found.isComplete && name < newest)) return { until, missing: name < newest ? name : null };
    until = found.storedAt;
    if (name === newest) return { until, missing: null };
  }
}

/** The segments that no backup needs: those before the oldest one's start, of its timeline and of earlier ones. */
export function isBefore(name: string, oldest: { timeline: number; start: Lsn; segmentBytes: number }): boolean {
  const place = parseSegmentName(name, oldest.segmentBytes);
  if (!place) return false;
  return place.timeline <= oldest.timeline && place.start < startOfSegment(oldest.start, oldest.segmentBytes);
}
