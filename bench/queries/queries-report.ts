import type { Run } from "#bench/report/run.ts";
import type { Question } from "./peers/peer.ts";

/** Milliseconds of one client, warm; rows of the largest answer. */
export type Timing = { medianMs: number; p95Ms: number; runs: number; rows: number };

export type Read = {
  question: Question;
  /** as its documentation writes it, not the best possible */
  asWritten: boolean;
  theirs: Timing;
  /** ours, measured in turn with theirs */
  ours: Timing;
};

/** Of 64 clients. */
export type Rate = { perSecond: number; rounds: number[]; p50Ms: number; p99Ms: number };

export type Storage = { messages: number; heapBytes: number; indexBytes: number; trigramBytes: number };

export type PeerReport = {
  name: string;
  title: string;
  reads: Read[];
  inserts: { theirs: Rate; ours: Rate; oursOneByOne: Rate };
  storage: Storage;
  buildSeconds: number;
};

export type SizeReport = {
  messages: number;
  conversations: number;
  websites: number;
  /** open conversations of the largest website */
  openOfLargest: number;
  storage: Storage;
  peers: PeerReport[];
  seconds: number;
};

export type Options = {
  messages: number[];
  corpus: string;
  out: string;
  page?: string;
  effort: number;
  trigrams: boolean;
};

export type Report = Run & { postgres: string; texts: string; sizes: SizeReport[] };

export const medianOf = (numbers: number[]) => quantile(numbers, 0.5);

/** The number below which `share` of the numbers lie. @throws Error if there are none */
export function quantile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const found = sorted[Math.floor((sorted.length - 1) * share)];
  if (found === undefined) throw new Error("A quantile needs at least one number.");
  return found;
}

/** The median of our timings beside each peer. */
export function oursAt(size: SizeReport, question: Question): Timing | null {
  const timings = size.peers.flatMap(peer =>
    peer.reads.filter(read => read.question === question).map(read => read.ours),
  );
  if (timings.length === 0) return null;
  return {
    medianMs: medianOf(timings.map(({ medianMs }) => medianMs)),
    p95Ms: medianOf(timings.map(({ p95Ms }) => p95Ms)),
    runs: timings.reduce((sum, { runs }) => sum + runs, 0),
    rows: timings[0]!.rows,
  };
}

export const bytesPerMessage = ({ messages, heapBytes, indexBytes, trigramBytes }: Storage) =>
  (heapBytes + indexBytes + trigramBytes) / messages;
