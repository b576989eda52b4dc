import { addressesFrom } from "#lab/load/addresses.ts";
import type { History } from "#lab/load/check.ts";
import { createMessageLoad, type Pace } from "#lab/load/message-load.ts";
import { type OurAccess, type OurDriver, openDriver } from "#lab/load/our-driver.ts";
import { openPairs, type Pair } from "#lab/load/pairs.ts";
import { inParallel } from "#lab/load/parallel.ts";
import { serveTasks } from "#lab/load/workers.ts";
import { connectAtOnce } from "./people.ts";

/** A process of the load generator with thousands of visitors who only look, and some who talk. */

let chat: OurDriver;
let worker: number;
let pairs: Pair[] = [];
let talks: ReturnType<typeof createMessageLoad>;
/** the website of each visitor who only looks */
let lookers: number[] = [];

const tasks = {
  async prepare(p: { place: OurAccess; worker: number; visitors: number }) {
    worker = p.worker;
    chat = openDriver(p.place);
    lookers = Array.from({ length: p.visitors }, (_, nth) => nth % p.place.websites.length);
    await chat.signTokens(lookers);
  },
  async connect() {
    const addresses = addressesFrom(worker, "idle");
    await inParallel(lookers, connectAtOnce, website =>
      chat.openVisitor({ website, localAddress: addresses.next(), onMessage: () => undefined }),
    );
  },
  async openTalkers(p: { websites: number[]; visitors: number }) {
    pairs = await openPairs(chat, { ...p, worker, onReceived: (_side, key) => talks?.heard(key) });
    talks = createMessageLoad(worker, pairs);
  },
  talk: (p: { pace: Pace; seconds: number }) => talks.talk(p),
  stopTalk: () => talks.stop(),
  online: () => chat.online(),
  forget: () => chat.forget(),
  holdings: () => chat.holdings(),
  histories: (): History[] => pairs.map(({ conversation, sent, heard }) => ({ conversation, sent, heard })),
};

export type ClientTasks = typeof tasks;

serveTasks(tasks);
