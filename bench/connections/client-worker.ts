import { addressesFrom } from "#lab/load/addresses.ts";
import type { History } from "#lab/load/check.ts";
import { MessageLoad, type Pace } from "#lab/load/message-load.ts";
import { type OurAccess, type OurDriver, openDriver } from "#lab/load/our-driver.ts";
import { openPairs, type Pair } from "#lab/load/pairs.ts";
import { inParallel } from "#lab/load/parallel.ts";
import { serveTasks } from "#lab/load/workers.ts";
import { connectAtOnce } from "./connect-at-once.ts";

/** A worker of the load generator with thousands of idle visitors and some pairs that write. */

let driver: OurDriver;
let worker: number;
let pairs: Pair[] = [];
let load: MessageLoad;
/** the website of each idle visitor */
let idle: number[] = [];

const tasks = {
  async prepare(p: { access: OurAccess; worker: number; visitors: number }) {
    worker = p.worker;
    driver = openDriver(p.access);
    idle = Array.from({ length: p.visitors }, (_, nth) => nth % p.access.websites.length);
    await driver.signTokens(idle);
  },
  async connect() {
    const addresses = addressesFrom(worker, "idle");
    await inParallel(idle, connectAtOnce, website =>
      driver.openVisitor({ website, localAddress: addresses.next(), onMessage: () => undefined }),
    );
  },
  async openAuthors(p: { websites: number[]; visitors: number }) {
    pairs = await openPairs(driver, { ...p, worker, onReceived: key => load?.onReceived(key) });
    load = new MessageLoad(worker, pairs);
  },
  run: (p: { pace: Pace; seconds: number }) => load.run(p),
  stopRun: () => load.stop(),
  countOnline: () => driver.clients.count(),
  resetReturned: () => driver.clients.resetReturned(),
  listHeld: () => driver.clients.listHeld(),
  histories: (): History[] => pairs.map(({ conversation, sent, received }) => ({ conversation, sent, received })),
};

export type ClientTasks = typeof tasks;

serveTasks(tasks);
