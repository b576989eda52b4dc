import { setTimeout as sleep } from "node:timers/promises";
import type { Company } from "#lab/actors/company.ts";
import type { World } from "#lab/environment/environment.ts";
import { isRunning } from "#lab/programs/processes.ts";
import { eventually } from "#lab/proxies/wire.ts";
import type { Random } from "#sample-data/random.ts";

/** What can go wrong, each done and undone by hand of an operator's: when it resolves, it is as good as over. */

type Fault = {
  /** what it breaks: of one thing, one fault after another */
  of: "server" | "worker" | "postgres" | "redis" | "street" | "people";
  strike(world: World, random: Random, company: Company): Promise<unknown> | unknown;
};

const seconds = (random: Random, most: number) => sleep(500 + random.below(most * 1000 - 500));

export const faults = {
  "worker killed": { of: "worker", strike: killWorker },
  "all killed": { of: "server", strike: ({ server }) => server.kill() },
  "worker frozen": { of: "worker", strike: freezeWorker },
  "PostgreSQL restarted": { of: "postgres", strike: ({ cluster }) => cluster.restart() },
  "database connections ended": { of: "postgres", strike: ({ sql }) => sql.query(terminateAll) },
  "tables locked": { of: "postgres", strike: lockTables },
  "Redis killed": { of: "redis", strike: killRedis },
  "Redis emptied": { of: "redis", strike: ({ redis }) => redis.ask(["FLUSHALL"]) },
  "Redis frozen": { of: "redis", strike: freezeRedis },
  "sockets cut": { of: "street", strike: cutAll },
  "street blocked": { of: "street", strike: blockStreet },
  "readers stalled": { of: "street", strike: stallReaders },
  "much said at once": { of: "people", strike: (_world, _random, company) => company.paste() },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

async function killWorker({ server }: World, random: Random) {
  const pid = await findWorker(server, random);
  process.kill(pid, "SIGKILL");
  await eventually(() => {
    if (isRunning(pid)) throw new Error(`Process ${pid} outlives kill -9.`);
  });
}

async function freezeWorker({ server, watch }: World, random: Random) {
  const pid = await findWorker(server, random);
  // One that is frozen does not see its first process end.
  const isThawed = watch.process(pid);
  process.kill(pid, "SIGSTOP");
  await seconds(random, 3);
  // It may have been killed with the first one meanwhile.
  if (isRunning(pid)) process.kill(pid, "SIGCONT");
  isThawed();
}

/** Just after a kill there may be none. */
const findWorker = (server: World["server"], random: Random) =>
  eventually(() => {
    const workers = server.workers();
    if (workers.length === 0) throw new Error("No server process runs.");
    return random.pick(workers);
  });

const terminateAll = `
  select pg_terminate_backend(pid)
  from pg_stat_activity
  where application_name = 'prochat'`;

/** Nothing can be stored for a while, and people go on: what waits to be stored piles up. */
async function lockTables({ sql }: World, random: Random, company: Company) {
  const client = await sql.connect();
  try {
    await client.query("begin");
    await client.query("lock table conversations in access exclusive mode");
    company.paste();
    await seconds(random, 3);
    await client.query("rollback");
  } finally {
    client.release(true);
  }
}

async function killRedis({ redis }: World, random: Random) {
  await redis.kill();
  await seconds(random, 3);
  await redis.start();
}

async function freezeRedis({ redis }: World, random: Random) {
  redis.freeze();
  await seconds(random, 3);
  redis.thaw();
}

function cutAll({ streets, office }: World) {
  for (const way of [...streets, office]) way.cut();
}

async function blockStreet({ streets }: World, random: Random) {
  const street = random.pick(streets);
  street.block(true);
  await seconds(random, 3);
  street.block(false);
}

async function stallReaders({ streets }: World, random: Random) {
  const street = random.pick(streets);
  street.stall(true);
  await seconds(random, 3);
  street.stall(false);
}
