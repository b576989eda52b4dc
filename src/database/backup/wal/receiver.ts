import { setTimeout as sleep } from "node:timers/promises";
import { connectForReplication, type ReplicationClient } from "#database/connection/replication.ts";
import type { Log } from "#platform/log.ts";
import { historyKey, type WalArchive } from "./archive.ts";
import { Archiver, type Cluster, readHeld } from "./archiver.ts";
import { findNewestHeartbeat } from "./heartbeat-record.ts";
import { formatLsn, parseLsn, parseSegmentSize, segmentName, startOfSegment } from "./positions.ts";
import { createSlot, dropSlot, readSlot, type Slot } from "./slot.ts";
import { findEnd, isContinued, type Place, placeOf } from "./start-place.ts";
import { type NextTimeline, startStream } from "./stream.ts";

/** What lies between the archive's end and where it goes on; backups from before reach to `from` only. */
export type Gap = { from: string; to: string; reason: string };

export type ReceiverStatus = {
  /** elsewhere: another server archives the WAL of this database */
  state: "connecting" | "receiving" | "elsewhere";
  /** why the archive does not grow; null: it does */
  problem: string | null;
  /** of the newest heartbeat that was read back from the archive; null: not known yet */
  heartbeat: Date | null;
};

export type Receiver = {
  status(): ReceiverStatus;
  /** Ends the connection, so that PostgreSQL can stop. It is made again when PostgreSQL is back. */
  disconnect(): void;
  /** Stores what was received, if the store takes it soon. */
  stop(): Promise<void>;
};

export type ReceiverOptions = {
  /** of a role that may replicate */
  url: string;
  archive: WalArchive;
  slot: string;
  log: Log;
  /** see ArchiverOptions */
  partMs?: number;
  /** Called before anything is stored. */
  prepare(): Promise<void>;
  /** Called before the archive goes on after a gap. */
  onGap(gap: Gap): Promise<void>;
};

const pausesMs = [500, 1_000, 2_000, 5_000, 10_000];
const elsewhereMs = 5_000;
/**
 * A connection that is not read for this long is ended. PostgreSQL cannot end it itself while its answer waits in the socket, and
 * a checkpoint that wants to give the slot up waits for that: meanwhile no WAL would be removed, until the disk is full.
 */
const maxStallMs = 10_000;
/** The time that a stop waits for the store. */
const lastPartMs = 3_000;

const objectInUse = "55006";
/** of a segment that PostgreSQL has removed, or a position before the timeline's start */
const cannotStart = new Set(["58P01", "XX000", "22023", "55000"]);

/** Receives the WAL of a cluster into its archive until it is stopped, through all that may happen on the way. */
export function startReceiver(options: ReceiverOptions): Receiver {
  const stopping = new AbortController();
  const status: ReceiverStatus = { state: "connecting", problem: null, heartbeat: null };
  let session: Session | null = null;

  async function run() {
    for (let attempt = 0; !stopping.signal.aborted; ) {
      session = new Session(options, status, () => {
        attempt = 0;
      });
      const error = await session.run().catch((cause: Error & { code?: string }) => cause);
      if (stopping.signal.aborted) return;
      const isElsewhere = (error as { code?: string } | undefined)?.code === objectInUse;
      note(error ?? null, isElsewhere);
      const pauseMs = isElsewhere ? elsewhereMs : pausesMs[Math.min(attempt++, pausesMs.length - 1)];
      await sleep(pauseMs, null, { signal: stopping.signal }).catch(() => {});
    }
  }

  function note(error: Error | null, isElsewhere: boolean) {
    if (isElsewhere && status.state !== "elsewhere")
      options.log.info("Another server archives the WAL of this database.");
    status.state = isElsewhere ? "elsewhere" : "connecting";
    const problem = isElsewhere || !error ? null : error.message;
    if (problem && problem !== status.problem) options.log.warn(`The WAL is not archived: ${problem}`);
    status.problem = problem;
  }

  const done = run();
  return {
    status: () => ({ ...status }),
    disconnect: () => session?.disconnect(),
    async stop() {
      stopping.abort();
      await session?.finish();
      await done;
    },
  };
}

/** One connection, from its start to its end. */
class Session {
  private readonly options: ReceiverOptions;
  private readonly status: ReceiverStatus;
  private readonly onReceiving: () => void;
  private readonly ending = new AbortController();
  private client: ReplicationClient | null = null;
  private archiver: Archiver | null = null;
  private archiving: Promise<void> = Promise.resolve();
  private stall: NodeJS.Timeout | undefined;
  /** why the connection was ended here */
  private stallReason: string | null = null;

  constructor(options: ReceiverOptions, status: ReceiverStatus, onReceiving: () => void) {
    this.options = options;
    this.status = status;
    this.onReceiving = onReceiving;
  }

  /** @throws the error that ended it */
  async run(): Promise<void> {
    const client = await connectForReplication(this.options.url);
    this.client = client;
    try {
      await this.options.prepare();
      const { cluster, now } = await identify(client);
      let place = await this.findPlace(client, cluster, now);
      while (!this.ending.signal.aborted) {
        if (place.timeline > 1) await storeHistory(this.options.archive, client, place.timeline);
        const next = await this.receive(client, cluster, place);
        place = { timeline: next.timeline, start: startOfSegment(next.start, cluster.segmentBytes) };
      }
    } catch (cause) {
      throw this.stallReason === null ? cause : new Error(this.stallReason, { cause });
    } finally {
      clearTimeout(this.stall);
      this.disconnect();
    }
  }

  disconnect(): void {
    this.ending.abort();
    // A goodbye would wait behind what PostgreSQL has sent.
    this.client?.connection.stream.destroy();
  }

  /** Stores the rest, if the store takes it soon, and ends. */
  async finish(): Promise<void> {
    this.archiver?.finish();
    const timeout = new AbortController();
    await Promise.race([
      this.archiving.catch(() => {}),
      sleep(lastPartMs, null, { signal: timeout.signal }).catch(() => {}),
    ]);
    timeout.abort();
    this.disconnect();
  }

  private endStall(): void {
    this.stallReason = this.status.problem ?? "the store takes the WAL too slowly";
    this.disconnect();
  }

  /** Receives until the end of a timeline. */
  private async receive(client: ReplicationClient, cluster: Cluster, place: Place): Promise<NextTimeline> {
    const { archive, slot } = this.options;
    const held = await readHeld(archive, segmentName(place.timeline, place.start, cluster.segmentBytes));
    this.setHeartbeat(findNewestHeartbeat(held.bytes));
    const archiver = new Archiver(archive, {
      cluster,
      ...place,
      partMs: this.options.partMs,
      held,
      onStored: heartbeat => {
        this.setHeartbeat(heartbeat);
        stream.confirm();
      },
      onProblem: problem => this.setProblem(problem),
      onPressure: isFull => {
        clearTimeout(this.stall);
        if (!isFull) return stream.resume();
        stream.pause();
        this.stall = setTimeout(() => this.endStall(), maxStallMs);
      },
    });
    this.archiver = archiver;
    const stream = startStream(client, {
      slot,
      ...place,
      stored: () => archiver.stored,
      onStart: () => {
        this.status.state = "receiving";
        this.setProblem(null);
        this.onReceiving();
      },
      onBytes: (lsn, bytes) => this.ending.signal.aborted || archiver.write(lsn, bytes),
    });
    this.archiving = archiver.run(this.ending.signal);
    this.archiving.catch(() => {});
    const next = await Promise.race([stream.ended, this.archiving.then(() => stream.ended)]);
    archiver.finish();
    await this.archiving;
    return next;
  }

  /** Where to go on. A slot that is missing or was given up is made again, and what PostgreSQL still has is fetched. */
  private async findPlace(client: ReplicationClient, cluster: Cluster, now: Place): Promise<Place> {
    const { archive, slot, log, onGap } = this.options;
    const found = await readSlot(client, slot);
    const isHeld = found !== null && found.restart !== null;
    const isLost = found !== null && !isHeld;
    // Throws while the store is away. Then the slot stays as it is, and the next attempt names the same gap.
    const endBefore = isHeld ? null : await findEnd(archive, cluster, now);
    const place = placeOf(isHeld ? found : await this.makeSlot(client, isLost), cluster);
    if (await isContinued(archive, cluster, place)) return place;
    const end = endBefore ?? (await findEnd(archive, cluster, now));
    if (end === null || end.start >= place.start) return place;
    if (await this.canStart(end)) return end;
    const reason = isLost ? "PostgreSQL gave the slot up, because it kept too much WAL" : "its slot was gone";
    const [from, to] = [formatLsn(end.start), formatLsn(place.start)];
    log.warn(
      `The archive of the WAL has a gap from ${from} to ${to}: ${reason}. It goes on with a new slot, and a new backup is made.`,
    );
    await onGap({ from, to, reason });
    return place;
  }

  private async makeSlot(client: ReplicationClient, isLost: boolean): Promise<Slot> {
    const { slot } = this.options;
    if (isLost) await dropSlot(client, slot);
    await createSlot(client, slot);
    const created = await readSlot(client, slot);
    if (created && created.restart !== null) return created;
    throw new Error(`The replication slot ${slot} was dropped by another program`);
  }

  /** True if PostgreSQL still has the WAL from a place on: known when its first bytes arrive. */
  private async canStart(place: Place): Promise<boolean> {
    const client = await connectForReplication(this.options.url);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const onBytes = () => resolve(true);
    const { ended } = startStream(client, { slot: null, ...place, stored: () => 0n, onStart() {}, onBytes });
    ended.then(
      () => resolve(true),
      error => (cannotStart.has(error.code) ? resolve(false) : reject(error)),
    );
    try {
      return await promise;
    } finally {
      client.connection.stream.destroy();
    }
  }

  private setHeartbeat(heartbeat: Date | null) {
    if (heartbeat && (!this.status.heartbeat || heartbeat > this.status.heartbeat)) this.status.heartbeat = heartbeat;
  }

  private setProblem(problem: string | null) {
    if (problem && !this.status.problem) this.options.log.warn(`The WAL waits: ${problem}`);
    if (!problem && this.status.problem) this.options.log.warn("The WAL is archived again.");
    this.status.problem = problem;
  }
}

async function identify(client: ReplicationClient): Promise<{ cluster: Cluster; now: Place }> {
  const { rows } = await client.query<{ systemid: string; timeline: string; xlogpos: string }>("IDENTIFY_SYSTEM");
  const [{ systemid, timeline, xlogpos } = { systemid: "", timeline: "", xlogpos: "" }] = rows;
  const size = await client.query<{ wal_segment_size: string }>("SHOW wal_segment_size");
  const segmentBytes = parseSegmentSize(size.rows[0]!.wal_segment_size);
  return {
    cluster: { systemIdentifier: systemid, segmentBytes },
    now: { timeline: Number(timeline), start: parseLsn(xlogpos) },
  };
}

/** PostgreSQL asks for it in a recovery, to find the way from one timeline to the next. */
async function storeHistory({ storage, ...archive }: WalArchive, client: ReplicationClient, timeline: number) {
  const key = historyKey({ storage, ...archive }, timeline);
  if (await storage.head(key)) return;
  const { rows } = await client.query<{ content: string | Buffer }>(`TIMELINE_HISTORY ${timeline}`);
  await storage.put(key, Buffer.from(rows[0]!.content as string));
}
