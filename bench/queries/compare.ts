import type pg from "pg";
import { type Connection, connect } from "#database/connect.ts";
import { buildPeer, dropPeer, measureStorage } from "./build.ts";
import { ourReaders, ourWriter, ourWriterOneByOne } from "./ours.ts";
import { type Peer, type Question, questions, type Readers, type Target } from "./peers/peer.ts";
import type { PeerReport, Read } from "./queries-report.ts";
import { mustAgree, type ReadEffort, readInTurns, type Turn } from "./read-turns.ts";
import type { Sample } from "./sample.ts";
import { withClients, writeInTurns, writers } from "./write-turns.ts";
import { restoreConversations, saveConversations } from "./written-back.ts";

export type Effort = { reads: ReadEffort; writes: { rounds: number; roundMs: number }; trigrams: boolean };

/** Builds a peer beside the product, reads the same from both, writes to both, and drops the peer. */
export async function compare(url: string, peer: Peer, sample: Sample, effort: Effort): Promise<PeerReport> {
  return withClients({ url, count: 1, schema: peer.schema }, async ([client]) => {
    const connection = connect({ url, poolSize: 1, onError: () => undefined });
    try {
      const begun = performance.now();
      await buildPeer(client!, peer, effort);
      const buildSeconds = Math.round((performance.now() - begun) / 1000);
      const storage = await measureStorage(client!, peer.messages);
      const reads = await compareReads(client!, connection, peer, sample, effort.reads);
      const inserts = await compareWrites(url, client!, peer, sample.written, effort.writes);
      await dropPeer(client!, peer);
      return { name: peer.name, title: peer.title, reads, inserts, storage, buildSeconds };
    } finally {
      await connection.close();
    }
  });
}

async function compareReads(
  client: pg.Client,
  connection: Connection,
  peer: Peer,
  sample: Sample,
  effort: ReadEffort,
): Promise<Read[]> {
  await client.query("reset all");
  const ours = ourReaders(connection);
  const theirs = await peer.readers(client, Object.values(sample.targets).flat());
  const reads: Read[] = [];
  for (const question of Object.keys(questions) as Question[]) {
    const targets = sample.targets[question];
    const expected = new Map<Target, string[]>();
    for (const target of targets) expected.set(target, (await ours[question](target))());
    const turn = (name: string, readers: Readers, asWritten: boolean): Turn | null => {
      const reader = readers[question];
      if (!reader) return null;
      const check = (lines: string[], target: Target) =>
        checkAnswer({ question, peer: name, theirs: lines, ours: expected.get(target)!, asWritten, sample });
      return { reader, check };
    };
    const own = turn("The product", ours, false)!;
    for (const asWritten of [false, true]) {
      const rival = turn(peer.title, asWritten ? (peer.asWritten?.(client) ?? {}) : theirs, asWritten);
      if (!rival) continue;
      const [oursTimed, theirsTimed] = await readInTurns(targets, [own, rival], effort);
      reads.push({ question, asWritten, theirs: theirsTimed!, ours: oursTimed! });
    }
  }
  return reads;
}

/** A peer's page may be longer than the product's, and must contain it. Of inboxes, the length of the shorter is compared. */
function checkAnswer(p: {
  question: Question;
  peer: string;
  theirs: string[];
  ours: string[];
  asWritten: boolean;
  sample: Sample;
}): void {
  const { question, sample } = p;
  if (question === "unread-website") {
    if (sample.unreadOfWebsite.includes(p.theirs[0]!)) return;
    throw new Error(`${p.peer} counts ${p.theirs[0]} unread, but there are ${sample.unreadOfWebsite.join(", ")}.`);
  }
  if (question === "inbox") {
    const rows = Math.min(p.theirs.length, p.ours.length);
    mustAgree({ ...p, theirs: withoutTies(p.theirs.slice(0, rows)), ours: withoutTies(p.ours.slice(0, rows)) });
    return;
  }
  const theirs = p.asWritten ? p.theirs.slice(-p.ours.length) : p.theirs;
  mustAgree({ ...p, theirs });
}

/** Rows with the same time have no order: they are sorted, and those at the end of the page are left out. */
function withoutTies(lines: string[]): string[] {
  const momentOf = (line: string) => line.split(" ")[0];
  return lines.toSorted().filter(line => momentOf(line) !== momentOf(lines.at(-1)!));
}

async function compareWrites(
  url: string,
  client: pg.Client,
  peer: Peer,
  targets: Target[],
  effort: Effort["writes"],
): Promise<PeerReport["inserts"]> {
  await withClients({ url, count: 1 }, ([own]) => saveConversations(own!, targets));
  const connection = connect({ url, poolSize: 1, onError: () => undefined });
  try {
    await client.query("checkpoint");
    return await withClients({ url, count: writers, schema: peer.schema }, theirs =>
      withClients({ url, count: writers }, async ours => {
        const batched = ourWriter(connection);
        const [theirRate, ourRate, oneByOne] = await writeInTurns(
          [
            await Promise.all(theirs.map(each => peer.writer(each, targets))),
            ours.map(() => batched),
            ours.map(ourWriterOneByOne),
          ],
          targets,
          effort,
        );
        return { theirs: theirRate!, ours: ourRate!, oursOneByOne: oneByOne! };
      }),
    );
  } finally {
    await connection.close();
    await withClients({ url, count: 1 }, ([own]) => restoreConversations(own!));
  }
}
