import { Command } from "commander";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type Connection, connect, type Db } from "#database/connect.ts";
import { migrate } from "#database/migrations/migrate.ts";
import type { DB } from "#database/tables.ts";
import { populate } from "#lab/clusters/population.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { listInbox } from "#server/features/inbox/queries.ts";
import { listMessages } from "#server/features/messages/queries.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const conversationCount = 300;

/** What preparing statements is worth: the product's pool beside one that sends each text anew, in turns, one client. */
export const preparedCommand = () =>
  new Command("prepared")
    .description("short reads with prepared statements, and with statements sent anew, over few and many partitions")
    .option("--rounds <n>", "rounds of each way", "5")
    .action(async ({ rounds }: { rounds: string }) => {
      const cluster = await startScratchCluster("18", { shared_buffers: "512MB" });
      try {
        await migrate(cluster.url, { log: silent });
        await compare(cluster.url, Number(rounds));
      } finally {
        await cluster.stop();
      }
    });

async function compare(url: string, rounds: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const { agentId } = await populate(client, { websites: 3, conversations: 20_000, messagesEach: 15 });
  const { rows: keys } = await client.query(
    `select website_id as "websiteId", id as "conversationId" from conversations order by random() limit $1`,
    [conversationCount],
  );
  const reads: Record<string, (db: Db, key: (typeof keys)[number]) => Promise<unknown>> = {
    "newest messages": (db, key) => listMessages(db, { ...key, limit: 50, publicOnly: false }),
    "inbox page": (db, { websiteId }) =>
      listInbox(db, { websiteId, userId: agentId, view: "all", cursor: null, limit: 30 }),
  };
  for (const months of [5, 36]) {
    await client.query("select make_message_partitions((now() - make_interval(months => $1))::date, $1)", [months]);
    const { rows } = await client.query("select count(*) from pg_inherits where inhparent = 'messages'::regclass");
    const prepared = connect({ url, poolSize: 1, onError: () => undefined });
    const anew = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
    });
    for (const [name, read] of Object.entries(reads)) {
      const [ours, rival] = await inTurns(rounds, keys, [key => read(prepared.db, key), key => read(anew, key)]);
      console.log(
        `${rows[0].count} partitions, ${name}: prepared ${ours!.toFixed(3)} ms, anew ${rival!.toFixed(3)} ms, ` +
          `${(rival! / ours!).toFixed(1)} times`,
      );
    }
    await closeAll(prepared, anew);
  }
  await client.end();
}

/** The median time of each way, in ms, after one round that is not counted. */
async function inTurns<Key>(rounds: number, keys: Key[], ways: ((key: Key) => Promise<unknown>)[]): Promise<number[]> {
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, way] of ways.entries()) {
      for (const key of keys) {
        const begun = performance.now();
        await way(key);
        if (round > 0) times[i]!.push(performance.now() - begun);
      }
    }
  }
  return times.map(each => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]!);
}

async function closeAll(connection: Connection, db: Db): Promise<void> {
  await connection.close();
  await db.destroy();
}
