import pg from "pg";
import type { Target, Writer } from "./peers/peer.ts";
import { medianOf, quantile, type Rate } from "./queries-report.ts";

export const writers = 64;

const body = "Where is my order 4711? It was due today, and nobody has told me why it is late.";

/** One way to write a message, by each of its clients. */
export type Way = Writer[];

/**
 * Writes as fast as possible, each way in turn. Before, one message goes to every target: PostgreSQL logs a whole page on
 * its first change after a checkpoint, which is not to be measured.
 * @returns a rate for each way, in order
 */
export async function writeInTurns(
  ways: Way[],
  targets: Target[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Rate[]> {
  for (const way of ways) await write(way, targets, { min: targets.length, forMs: 0 });
  const rates = ways.map(() => ({ rounds: [] as number[], times: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, way] of ways.entries()) {
      const times = await write(way, targets, { min: 0, forMs: roundMs });
      rates[i]!.rounds.push(Math.round((times.length / roundMs) * 1000));
      rates[i]!.times.push(...times);
    }
  }
  return rates.map(({ rounds, times }) => ({
    perSecond: medianOf(rounds),
    rounds,
    p50Ms: Math.round(quantile(times, 0.5) * 100) / 100,
    p99Ms: Math.round(quantile(times, 0.99) * 100) / 100,
  }));
}

/** Each client writes its next message when the previous one is committed. @returns the time of each message in ms */
async function write(way: Way, targets: Target[], p: { min: number; forMs: number }): Promise<number[]> {
  const end = performance.now() + p.forMs;
  const times: number[] = [];
  let next = 0;
  async function send(writer: Writer) {
    while (next < p.min || performance.now() < end) {
      const begun = performance.now();
      await writer(targets[next++ % targets.length]!, body);
      times.push(performance.now() - begun);
    }
  }
  await Promise.all(way.map(send));
  return times;
}

/** Opens `count` clients for the work, and closes them. */
export async function withClients<T>(
  { url, count, schema }: { url: string; count: number; schema?: string },
  work: (clients: pg.Client[]) => Promise<T>,
): Promise<T> {
  const options = schema ? `-c search_path=${schema},public` : "";
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url, options }));
  try {
    for (const client of clients) await client.connect();
    return await work(clients);
  } finally {
    await Promise.allSettled(clients.map(client => client.end()));
  }
}
