import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import type pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { AppError } from "#protocol/errors.ts";
import { generate } from "#sample-data/generate.ts";
import { measureStorage, reindex } from "./build.ts";
import { compare, type Effort } from "./compare.ts";
import { chatwoot } from "./peers/chatwoot.ts";
import { guideWithIndexes, guideWithoutIndexes } from "./peers/guide.ts";
import { libredesk } from "./peers/libredesk.ts";
import type { SizeReport } from "./queries-report.ts";
import { takeSample } from "./sample.ts";
import { withClients } from "./write-turns.ts";

const peers = [guideWithoutIndexes, guideWithIndexes, chatwoot, libredesk];
const months = 12;
/** The product's rows, one peer's with its indexes, the sort that fills it, and the write-ahead log. */
const bytesPerMessage = 1_400;
/** Trigram indexes take the longest time to build; with more messages than this they are left out. */
const maxWithTrigrams = 5_000_000;

/** Peers leave deleted messages out of a page; ours has a line in their place. Without them all read the same rows. */
const removeDeleted = (client: pg.Client) => client.query("delete from messages where deleted_at is not null");

/** Fills a new cluster with `messages` messages, and compares every peer on it. @throws AppError "disk_full" */
export async function measureSize(
  p: { messages: number; corpus: string | undefined } & Effort,
  print: (text: string) => void,
): Promise<SizeReport & { postgres: string }> {
  print(`needs up to ${inGb(await checkFreeSpace(p.messages))} in ${tmpdir()}`);
  const begun = performance.now();
  return withCluster(async url => {
    await migrate(url, { log: silent });
    const made = await generate(url, { messages: p.messages, months, seed: 1, corpus: p.corpus });
    await withClients({ url, count: 1 }, ([client]) => removeDeleted(client!));
    await withClients({ url, count: 1 }, ([client]) => reindex(client!));
    print(`${made.messages} messages of ${made.conversations} conversations written`);
    const prepared = await withClients({ url, count: 1 }, async ([client]) => ({
      sample: await takeSample(client!),
      storage: await measureStorage(client!, "messages"),
      postgres: (await client!.query("show server_version")).rows[0].server_version as string,
    }));
    const effort = { ...p, trigrams: p.trigrams && p.messages <= maxWithTrigrams };
    const reports = [];
    for (const peer of peers) {
      const report = await compare(url, peer, prepared.sample, effort);
      reports.push(report);
      print(`${peer.title}: built in ${report.buildSeconds} s, ${seconds(begun)} s in all for this size`);
    }
    return {
      messages: p.messages,
      conversations: made.conversations,
      websites: made.websites,
      openOfLargest: prepared.sample.openOfLargest,
      storage: prepared.storage,
      peers: reports,
      seconds: seconds(begun),
      postgres: prepared.postgres,
    };
  });
}

/** A cluster as durable as the product's own. It is removed afterwards, also after Ctrl-C. */
async function withCluster<T>(work: (url: string) => Promise<T>): Promise<T> {
  const cluster = await startScratchCluster("18", {
    fsync: "on",
    full_page_writes: "on",
    max_wal_size: "8GB",
    autovacuum: "off", // every table is vacuumed after it is filled
  });
  const interrupted = () => void cluster.stop().finally(() => process.exit(130));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupted);
  try {
    return await work(cluster.url);
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    await cluster.stop();
  }
}

const inGb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
const seconds = (begun: number) => Math.round((performance.now() - begun) / 1000);

/** @returns the bytes needed */
async function checkFreeSpace(messages: number): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  const [needed, free] = [messages * bytesPerMessage, bavail * bsize];
  if (free > needed) return needed;
  throw new AppError(
    "disk_full",
    `${messages} messages and a peer's copy need about ${inGb(needed)}, but ${tmpdir()} has ${inGb(free)}. ` +
      "Free some space, set TMPDIR to another disk, or measure fewer with --messages.",
  );
}
