import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "#lab/environment/environment.ts";
import { eventually } from "#lab/eventually.ts";
import { isRunning } from "#lab/programs/processes.ts";
import type { Random } from "#sample-data/random.ts";
import type { Actors } from "./actors.ts";

/** The faults. An injection resolves when its fault is over. */

type Fault = {
  /** the part that it breaks: each part has one fault at a time */
  part: "server" | "worker" | "postgres" | "redis" | "proxy" | "actors";
  inject(environment: Environment, random: Random, actors: Actors): Promise<unknown> | unknown;
};

const sleepUpTo = (random: Random, seconds: number) => sleep(500 + random.below(seconds * 1000 - 500));

export const faults = {
  "worker killed": { part: "worker", inject: killWorker },
  "all killed": { part: "server", inject: ({ server }) => server.kill() },
  "worker frozen": { part: "worker", inject: freezeWorker },
  "PostgreSQL restarted": { part: "postgres", inject: ({ cluster }) => cluster.restart() },
  "database connections ended": { part: "postgres", inject: ({ sql }) => sql.query(terminateAll) },
  "tables locked": { part: "postgres", inject: lockTables },
  "Redis killed": { part: "redis", inject: killRedis },
  "Redis emptied": { part: "redis", inject: ({ redis }) => redis.ask(["FLUSHALL"]) },
  "Redis frozen": { part: "redis", inject: freezeRedis },
  "sockets closed": { part: "proxy", inject: closeSockets },
  "proxy blocked": { part: "proxy", inject: blockProxy },
  "readers stalled": { part: "proxy", inject: stallReaders },
  "many messages at once": { part: "actors", inject: (_environment, _random, actors) => actors.sendMany() },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

async function killWorker({ server }: Environment, random: Random) {
  const pid = await findWorker(server, random);
  process.kill(pid, "SIGKILL");
  await eventually(() => {
    if (isRunning(pid)) throw new Error(`Process ${pid} outlives kill -9.`);
  });
}

async function freezeWorker({ server, guard }: Environment, random: Random) {
  const pid = await findWorker(server, random);
  // A frozen worker does not notice that its first process has ended.
  const release = guard.process(pid);
  process.kill(pid, "SIGSTOP");
  await sleepUpTo(random, 3);
  // It may have been killed with the first process meanwhile.
  if (isRunning(pid)) process.kill(pid, "SIGCONT");
  release();
}

/** Waits: just after a kill there may be none. */
const findWorker = (server: Environment["server"], random: Random) =>
  eventually(() => {
    const workers = server.workers();
    if (workers.length === 0) throw new Error("No server process runs.");
    return random.pick(workers);
  });

const terminateAll = `
  select pg_terminate_backend(pid)
  from pg_stat_activity
  where application_name = 'prochat'`;

/** Nothing can be stored for a while, but actors still send: messages wait in the server's queue. */
async function lockTables({ sql }: Environment, random: Random, actors: Actors) {
  const client = await sql.connect();
  try {
    await client.query("begin");
    await client.query("lock table conversations in access exclusive mode");
    actors.sendTogether();
    await sleepUpTo(random, 3);
    await client.query("rollback");
  } finally {
    client.release(true);
  }
}

async function killRedis({ redis }: Environment, random: Random) {
  await redis.kill();
  await sleepUpTo(random, 3);
  await redis.start();
}

async function freezeRedis({ redis }: Environment, random: Random) {
  redis.freeze();
  await sleepUpTo(random, 3);
  redis.thaw();
}

function closeSockets({ proxies, blockingProxy }: Environment) {
  for (const proxy of [...proxies, blockingProxy]) proxy.closeConnections();
}

async function blockProxy({ proxies }: Environment, random: Random) {
  const proxy = random.pick(proxies);
  proxy.block(true);
  await sleepUpTo(random, 3);
  proxy.block(false);
}

async function stallReaders({ proxies }: Environment, random: Random) {
  const proxy = random.pick(proxies);
  proxy.stall(true);
  await sleepUpTo(random, 3);
  proxy.stall(false);
}
