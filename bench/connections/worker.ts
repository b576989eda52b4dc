import { addressesFrom } from "#lab/load/addresses.ts";
import type { History } from "#lab/load/check.ts";
import { type OurChat, type OurPlace, openChat } from "#lab/load/our-chat.ts";
import { openPairs, type Pair } from "#lab/load/pairs.ts";
import { inParallel } from "#lab/load/parallel.ts";
import { createTalks, type Pace } from "#lab/load/talk.ts";
import { serveOrders } from "#lab/load/workers.ts";
import { connectAtOnce } from "./people.ts";

/** A process of the load generator with thousands of visitors who only look, and some who talk. */

let chat: OurChat;
let worker: number;
let pairs: Pair[] = [];
let talks: ReturnType<typeof createTalks>;
/** the website of each visitor who only looks */
let lookers: number[] = [];

const orders = {
  async prepare(p: { place: OurPlace; worker: number; visitors: number }) {
    worker = p.worker;
    chat = openChat(p.place);
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
    pairs = await openPairs(chat, { ...p, worker, onHeard: (_side, key) => talks?.heard(key) });
    talks = createTalks(worker, pairs);
  },
  talk: (p: { pace: Pace; seconds: number }) => talks.talk(p),
  stopTalk: () => talks.stop(),
  online: () => chat.online(),
  forget: () => chat.forget(),
  holdings: () => chat.holdings(),
  histories: (): History[] => pairs.map(({ conversation, sent, heard }) => ({ conversation, sent, heard })),
};

export type ConnectionOrders = typeof orders;

serveOrders(orders);
