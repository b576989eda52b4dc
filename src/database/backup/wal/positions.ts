/** A place in the WAL, in bytes since the cluster was created. PostgreSQL writes it as two hexadecimal halves, 16/B374D848. */
export type Lsn = bigint;

export function parseLsn(text: string): Lsn {
  const [high = "", low = ""] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export const formatLsn = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffff_ffffn).toString(16).toUpperCase()}`;

export const startOfSegment = (lsn: Lsn, segmentBytes: number): Lsn => lsn - (lsn % BigInt(segmentBytes));

const hex8 = (value: bigint | number) => value.toString(16).toUpperCase().padStart(8, "0");

export const timelineName = (timeline: number): string => hex8(timeline);

/** A segment's name, as PostgreSQL names its file: the timeline, and the segment's number in two parts. */
export function segmentName(timeline: number, lsn: Lsn, segmentBytes: number): string {
  const number = lsn / BigInt(segmentBytes);
  const perId = 0x1_0000_0000n / BigInt(segmentBytes);
  return hex8(timeline) + hex8(number / perId) + hex8(number % perId);
}

export const isSegmentName = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);

/** @returns null if it is no segment's name */
export function parseSegmentName(name: string, segmentBytes: number): { timeline: number; start: Lsn } | null {
  if (!isSegmentName(name)) return null;
  const [timeline, id, rest] = [0, 8, 16].map(at => BigInt(`0x${name.slice(at, at + 8)}`)) as [bigint, bigint, bigint];
  const perId = 0x1_0000_0000n / BigInt(segmentBytes);
  return { timeline: Number(timeline), start: (id * perId + rest) * BigInt(segmentBytes) };
}

/** The size of a segment as `SHOW wal_segment_size` says it, such as 16MB. */
export function parseSegmentSize(text: string): number {
  const [, amount, unit] = /^(\d+)(MB|GB)$/.exec(text) ?? [];
  if (!unit) throw new Error(`"${text}" is no size of a WAL segment`);
  return Number(amount) * (unit === "GB" ? 1024 : 1) * 1024 * 1024;
}
