import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#protocol/errors.ts";
import { otherHistory, readPacked, storeSegment, type WalArchive } from "./archive.ts";
import { findNewestHeartbeat, searchFrom } from "./heartbeat-record.ts";
import { findPageProblem } from "./pages.ts";
import { coverOf, endOf, listParts, type Part, partKey, storePart } from "./parts.ts";
import { type Lsn, segmentName } from "./positions.ts";

export type Cluster = { systemIdentifier: string; segmentBytes: number };

/** A segment while it is received. Bytes before `filled` do not change. */
type Segment = {
  start: Lsn;
  bytes: Buffer;
  filled: number;
  /** the parts that are stored of it */
  cover: Part[];
};

const defaultPartMs = 5_000;
/** Segments that wait in memory while the store is slower than the WAL: 48 MB. Then PostgreSQL waits. */
const maxWaiting = 3;
const retryMs = [1_000, 2_000, 5_000, 10_000];

export type ArchiverOptions = {
  cluster: Cluster;
  timeline: number;
  /** of a segment */
  start: Lsn;
  /** The copy is behind by this time, at most, and by the time that storing takes. Default: 5 s */
  partMs?: number | undefined;
  /** what is stored of the first segment already: readHeld() */
  held: Held;
  /** something more is safe */
  onStored(heartbeat: Date | null): void;
  /** null: the store works again */
  onProblem(problem: string | null): void;
  /** the stream is to pause, or to go on */
  onPressure(isFull: boolean): void;
};

export type Held = { cover: Part[]; bytes: Buffer };

/** Cuts the WAL of one timeline into segments, and stores these and, each 5 s, what there is of the last one. */
export class Archiver {
  /** all before it is in the archive, and was read back */
  stored: Lsn;
  private readonly archive: WalArchive;
  private readonly options: ArchiverOptions;
  private readonly waiting: Segment[] = [];
  private current: Segment;
  private isFinishing = false;
  private wake = Promise.withResolvers<void>();
  private wakesOnWrite = false;
  private spare: Buffer | null = null;

  constructor(archive: WalArchive, options: ArchiverOptions) {
    this.archive = archive;
    this.options = options;
    this.stored = options.start + BigInt(endOf(options.held.cover));
    this.current = this.open(options.start, options.held.cover);
  }

  /** Takes the next bytes of the WAL. @throws when they are not the next ones */
  write(lsn: Lsn, bytes: Buffer): void {
    const { segmentBytes } = this.options.cluster;
    const expected = this.current.start + BigInt(this.current.filled);
    if (lsn !== expected) throw new Error(`WAL from ${lsn} on was received in place of ${expected}`);
    for (let at = 0; at < bytes.length; ) {
      const length = Math.min(bytes.length - at, segmentBytes - this.current.filled);
      bytes.copy(this.current.bytes, this.current.filled, at, at + length);
      this.current.filled += length;
      at += length;
      if (this.current.filled === segmentBytes) this.complete();
    }
    if (this.wakesOnWrite) this.wake.resolve();
  }

  /**
   * Stores what was received, until `signal` is aborted, or all is stored after finish(). Retries while the store is away.
   * @throws AppError "backup_failed" if the archive holds another history of the cluster
   */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.wake.resolve(), { once: true });
    const { partMs = defaultPartMs } = this.options;
    for (let partAt = 0; !signal.aborted; ) {
      const [complete] = this.waiting;
      const { current } = this;
      const hasPart = current.filled > endOf(current.cover);
      const dueMs = this.isFinishing ? 0 : partAt + partMs - Date.now();
      if (complete) {
        await this.retrying(() => this.storeComplete(complete), signal);
      } else if (hasPart && dueMs <= 0) {
        partAt = Date.now();
        await this.retrying(() => this.storePart(current), signal);
      } else if (this.isFinishing) return;
      else await this.pause(hasPart ? dueMs : null);
    }
  }

  /** No more bytes come: the rest is stored at once, and run() ends. */
  finish(): void {
    this.isFinishing = true;
    this.wake.resolve();
  }

  private open(start: Lsn, cover: Part[] = []): Segment {
    const bytes = this.spare ?? Buffer.allocUnsafe(this.options.cluster.segmentBytes);
    this.spare = null;
    return { start, bytes, filled: 0, cover };
  }

  private complete(): void {
    this.waiting.push(this.current);
    this.current = this.open(this.current.start + BigInt(this.options.cluster.segmentBytes));
    if (this.waiting.length === maxWaiting) this.options.onPressure(true);
    this.wake.resolve();
  }

  private async storeComplete(segment: Segment): Promise<void> {
    const { timeline, cluster } = this.options;
    this.requireSame(segment);
    const problem = findPageProblem(segment.bytes, { timeline, ...cluster, start: segment.start });
    if (problem) throw new AppError("backup_failed", `PostgreSQL sent a WAL segment that is not valid: ${problem}.`);
    await storeSegment(this.archive, this.nameOf(segment), segment.bytes);
    this.waiting.shift();
    if (this.waiting.length === maxWaiting - 1) this.options.onPressure(false);
    this.setStored(segment, endOf(segment.cover), segment.filled);
    this.spare = segment.bytes;
  }

  private async storePart(segment: Segment): Promise<void> {
    const from = endOf(segment.cover);
    const until = segment.filled;
    this.requireSame(segment);
    segment.cover = await storePart(
      this.archive,
      this.nameOf(segment),
      segment.cover,
      segment.bytes.subarray(0, until),
    );
    this.setStored(segment, from, until);
  }

  private setStored(segment: Segment, from: number, until: number) {
    this.stored = segment.start + BigInt(until);
    this.options.onStored(findNewestHeartbeat(segment.bytes.subarray(searchFrom(from), until)));
  }

  private nameOf({ start }: Segment) {
    return segmentName(this.options.timeline, start, this.options.cluster.segmentBytes);
  }

  /** Compares what was held of the first segment with what PostgreSQL has sent again. */
  private requireSame(segment: Segment): void {
    const { held, start } = this.options;
    if (segment.start !== start || segment.bytes.subarray(0, held.bytes.length).equals(held.bytes)) return;
    throw otherHistory(this.archive, this.nameOf(segment));
  }

  private async retrying(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await work();
        return this.options.onProblem(null);
      } catch (error) {
        if (!(error instanceof AppError && error.code === "storage_unavailable")) throw error;
        this.options.onProblem(error.message);
        await sleep(retryMs[Math.min(attempt, retryMs.length - 1)], null, { signal }).catch(() => {});
      }
    }
  }

  /** @param ms  null: until something is received */
  private async pause(ms: number | null): Promise<void> {
    this.wake = Promise.withResolvers();
    this.wakesOnWrite = ms === null;
    const timer = ms === null ? undefined : setTimeout(this.wake.resolve, ms);
    await this.wake.promise;
    clearTimeout(timer);
    this.wakesOnWrite = false;
  }
}

/** What the parts hold of a segment. None, if they cannot be read here: they are stored again then. */
export async function readHeld(archive: WalArchive, segment: string): Promise<Held> {
  const cover = coverOf(await listParts(archive, segment));
  try {
    const bytes = await Promise.all(cover.map(part => readPacked(archive, partKey(archive, segment, part))));
    return { cover, bytes: Buffer.concat(bytes) };
  } catch (error) {
    if (error instanceof AppError && error.code === "storage_unavailable") throw error;
    return { cover: [], bytes: Buffer.alloc(0) };
  }
}
