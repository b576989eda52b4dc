import { setTimeout as sleep } from "node:timers/promises";
import { medianOf } from "#bench/queries/queries-report.ts";
import { newId } from "#client/ids.ts";
import type { Connection, Statement } from "#database/connect.ts";
import { pipelined } from "#database/pipeline.ts";
import { indexQueued, startIndexer } from "#database/search/indexer.ts";
import { silent } from "#lab/programs/log.ts";
import { familyOf, readCpu } from "#lab/programs/processes.ts";
import type { NewMessage } from "#server/features/messages/new-message.ts";
import { writeStatements } from "#server/features/messages/write-statements.ts";

export type Target = { websiteId: number; conversationId: string; visitorId: string };

export const batchSize = 20;
const sendsPerSecond = 1_000;
const writeRounds = 25;
const writeMs = 1_000;

const batchOf = (targets: Target[], at: number): NewMessage[] =>
  Array.from({ length: batchSize }, (_, i) => {
    const { websiteId, conversationId, visitorId } = targets[(at * batchSize + i) % targets.length]!;
    const body = "Where is my order 4711? It was due today, and nobody has told me why it is late.";
    return { websiteId, conversationId, id: newId(), kind: "text", body, author: "visitor", authorId: visitorId };
  });

/** The same statements without the row of the queue. */
const withoutQueue = /, queued as \(.*?having count\(\*\) > 0\s*\)/s;

type Sends = { sent: number; cpuSeconds: number };

/** Batches as fast as they go: without the queue, with it, and while the index is written. */
export async function measureSends(
  connection: Connection,
  targets: Target[],
  postmaster: number,
  print: (text: string) => void,
) {
  const ways = { without: [] as Sends[], queued: [] as Sends[], indexed: [] as Sends[] };
  let at = 0;
  // PostgreSQL's processes and this one, which makes the statements.
  const readAll = () => readCpu([...familyOf(postmaster), process.pid]);
  const write = async (way: keyof typeof ways): Promise<Sends> => {
    const before = readAll();
    const end = performance.now() + writeMs;
    let sent = 0;
    const writer = async () => {
      while (performance.now() < end) {
        const statements = writeStatements(batchOf(targets, at++), "messages");
        await pipelined(connection.pipelines, way === "without" ? unqueuedAll(statements) : statements);
        sent += batchSize;
      }
    };
    await Promise.all([writer(), writer()]);
    return { sent, cpuSeconds: readAll() - before };
  };
  const order = Object.keys(ways) as (keyof typeof ways)[];
  for (let round = 0; round < writeRounds; round++) {
    // Whatever comes first in a round has no advantage by it.
    for (const way of round % 2 === 0 ? order : order.toReversed()) {
      const indexer = way === "indexed" ? startIndexer(connection.db, silent) : null;
      try {
        const sends = await write(way);
        if (round > 0) ways[way].push(sends); // the first one warms up
      } finally {
        await indexer?.stop();
      }
      if (way !== "without") while (await indexQueued(connection.db));
    }
  }
  print(JSON.stringify(ways));
  const rateOf = ({ sent }: Sends) => sent / (writeMs / 1000);
  const lossOf = (way: Sends[]) => ways.without.map((without, i) => 1 - way[i]!.sent / without.sent);
  const cpuOf = (way: Sends[]) => (sumOf(way, "cpuSeconds") / sumOf(way, "sent")) * 1e6;
  return {
    perSecond: medianOf(ways.without.map(rateOf)),
    queuedLoss: lossOf(ways.queued),
    indexedLoss: lossOf(ways.indexed),
    cpu: { without: cpuOf(ways.without), queued: cpuOf(ways.queued), indexed: cpuOf(ways.indexed) },
  };
}

const sumOf = (ways: Sends[], key: keyof Sends) => ways.reduce((sum, each) => sum + each[key], 0);

function unqueuedAll(statements: Statement[]): Statement[] {
  const without = statements.map(unqueued);
  if (without.every((statement, i) => statement === statements[i])) throw new Error("No statement writes the queue.");
  return without;
}

const unqueued = (statement: Statement): Statement =>
  withoutQueue.test(statement.text)
    ? { ...statement, name: `${statement.name}_q`, text: statement.text.replace(withoutQueue, "") }
    : statement;

export type Sent = { perSecond: number; failedBatches: number };

/** Does the work while messages are sent and indexed. Both have ended when it returns or throws. */
export async function whileSending(
  connection: Connection,
  targets: Target[],
  work: () => Promise<void>,
): Promise<Sent> {
  const indexer = startIndexer(connection.db, silent);
  const sending = sendSteadily(connection, targets);
  try {
    await work();
  } finally {
    await sending.stop();
    await indexer.stop();
  }
  return sending.sent();
}

const maxFailures = 20;

/**
 * Sends at a steady rate. On a loaded machine a connection may take longer than it is waited for: that batch is left out and
 * counted. Each turn waits for a timer: a loop of promises that fail at once would keep the process from everything else, also
 * from the end of PostgreSQL.
 */
function sendSteadily({ pipelines }: Connection, targets: Target[]) {
  const startedAt = performance.now();
  let messages = 0;
  let failedBatches = 0;
  let batch = 0;
  let endedAt = 0;
  const stopped = new AbortController();
  const run = async () => {
    for (let failures = 0; !stopped.signal.aborted && failures < maxFailures; ) {
      await sleep(5);
      const due = ((performance.now() - startedAt) / 1000) * sendsPerSecond;
      while (messages + failedBatches * batchSize < due && failures < maxFailures && !stopped.signal.aborted) {
        try {
          await pipelined(pipelines, writeStatements(batchOf(targets, batch++), "messages"));
          messages += batchSize;
          failures = 0;
        } catch {
          failedBatches++;
          failures++;
          await sleep(50);
        }
      }
    }
    endedAt = performance.now();
  };
  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
    sent: (): Sent => ({ perSecond: messages / ((endedAt - startedAt) / 1000), failedBatches }),
  };
}
