import type { History } from "./check.ts";
import { openPairs, type Pair } from "./pairs.ts";
import { createTalks, type Pace } from "./talk.ts";
import type { OpenChat } from "./talker.ts";
import { serveOrders } from "./workers.ts";

/** A process of the load generator that lets people talk over any contestant. */

let pairs: Pair[] = [];
let talks: ReturnType<typeof createTalks>;

const orders = {
  async open(p: { chatModule: string; place: unknown; worker: number; websites: number[]; visitors: number }) {
    const { openChat } = (await import(p.chatModule)) as { openChat: OpenChat };
    const chat = openChat(p.place as never);
    pairs = await openPairs(chat, { ...p, onHeard: (_side, key) => talks?.heard(key) });
    talks = createTalks(p.worker, pairs);
  },
  talk: (p: { pace: Pace; seconds: number }) => talks.talk(p),
  histories: (): History[] => pairs.map(({ conversation, sent, heard }) => ({ conversation, sent, heard })),
};

export type GeneratorOrders = typeof orders;

serveOrders(orders);
