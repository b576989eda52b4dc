import type { ReplicationClient } from "#database/connection/replication.ts";
import { formatLsn, type Lsn, parseLsn } from "./positions.ts";

export type NextTimeline = { timeline: number; start: Lsn };

export type StreamOptions = {
  /** null: without one */
  slot: string | null;
  timeline: number;
  start: Lsn;
  /** what is safe in the archive: PostgreSQL may remove its own copy of all before */
  stored(): Lsn;
  onStart(): void;
  /** @param bytes  valid during the call only */
  onBytes(lsn: Lsn, bytes: Buffer): void;
};

/** PostgreSQL ends a connection whose other end says nothing for 60 s (wal_sender_timeout). */
const statusMs = 5_000;

/** Microseconds between 1970 and 2000, where PostgreSQL's clock begins. */
const epochMicros = 946_684_800_000_000n;

export type WalStream = {
  /** Stops reading: the socket fills, and PostgreSQL waits. */
  pause(): void;
  resume(): void;
  /** Sends what is stored, before the next time that this happens anyway. */
  confirm(): void;
  /** Resolves at the end of a timeline that was followed by another; all of its bytes were delivered. */
  ended: Promise<NextTimeline>;
};

/**
 * Receives the WAL from a position on (START_REPLICATION … PHYSICAL).
 * @returns at once; `ended` rejects with PostgreSQL's error, or when the connection breaks
 */
export function startStream(client: ReplicationClient, p: StreamOptions): WalStream {
  const { connection } = client;
  let received = p.start;

  function confirm() {
    if (connection.stream.writable) connection.sendCopyFromChunk(statusUpdate(received, p.stored()));
  }

  function onData({ chunk }: { chunk: Buffer }) {
    if (chunk[0] === kinds.bytes) {
      const lsn = chunk.readBigUInt64BE(1);
      const bytes = chunk.subarray(bytesHeader);
      p.onBytes(lsn, bytes);
      received = lsn + BigInt(bytes.length);
    } else if (chunk[0] === kinds.keepalive && chunk[keepaliveAsks] === 1) confirm();
  }

  const onDone = () => connection.endCopyFrom();
  const timer = setInterval(confirm, statusMs);
  connection.on("replicationStart", p.onStart).on("copyData", onData).on("copyDone", onDone);
  const from = p.slot === null ? "" : `SLOT "${p.slot}"`;
  const ended = client
    .query<NextRow>(`START_REPLICATION ${from} PHYSICAL ${formatLsn(p.start)} TIMELINE ${p.timeline}`)
    .then(result => readNext([result].flat()))
    .finally(() => {
      clearInterval(timer);
      connection.off("replicationStart", p.onStart).off("copyData", onData).off("copyDone", onDone);
    });
  ended.catch(() => {}); // the caller may not wait for it yet
  return { pause: () => connection.stream.pause(), resume: () => connection.stream.resume(), confirm, ended };
}

const kinds = { bytes: "w".charCodeAt(0), keepalive: "k".charCodeAt(0) };
/** kind, position, end of the WAL, clock */
const bytesHeader = 25;
const keepaliveAsks = 17;

type NextRow = { next_tli?: string; next_tli_startpos?: string };

function readNext(results: { rows: NextRow[] }[]): NextTimeline {
  const row = results.flatMap(({ rows }) => rows).find(({ next_tli }) => next_tli);
  if (!row) throw new Error("PostgreSQL ended the WAL stream");
  return { timeline: Number(row.next_tli), start: parseLsn(row.next_tli_startpos!) };
}

function statusUpdate(received: Lsn, stored: Lsn): Buffer {
  const message = Buffer.alloc(34);
  message.write("r", 0);
  message.writeBigUInt64BE(received, 1);
  message.writeBigUInt64BE(stored, 9);
  message.writeBigUInt64BE(stored, 17);
  message.writeBigInt64BE(BigInt(Date.now()) * 1000n - epochMicros, 25);
  return message;
}
