import { addressesFrom } from "./addresses.ts";
import { inParallel } from "./parallel.ts";
import type { Agent, Driver, Visitor } from "./system-under-test.ts";

export type Side = "visitor" | "agent";

/** A visitor and the agent of their website, in one conversation. */
export type Pair = {
  conversation: string;
  visitor: Visitor;
  agent: Agent;
  /** the keys of each author's messages, in order, and of those that the other side received */
  sent: Record<Side, { key: string; isAcknowledged: boolean }[]>;
  received: Record<Side, string[]>;
};

/** A message begins with its key, a word that no other message has; the first letter names the author's side. */
export const keyOf = (body: string): string => body.slice(0, body.indexOf(" "));

type Options = {
  /** number of this worker; part of keys and addresses */
  worker: number;
  /** numbers of its websites; visitors are spread over them evenly */
  websites: number[];
  visitors: number;
  /** called when a message arrives at the other side */
  onReceived(key: string): void;
};

const openedAtOnce = 64;
const firstWords = "Hello, are you there? I have a question about my order.";

/** Connects an agent for each website, and the visitors; each visitor begins a conversation. */
export async function openPairs(driver: Driver, p: Options): Promise<Pair[]> {
  const addresses = addressesFrom(p.worker, "authors");
  const agents = new Map<number, Agent>();
  const byConversation = new Map<string, Pair>();
  /** first messages on their way to an agent, by key; each resolves with its conversation */
  const beginnings = new Map<string, PromiseWithResolvers<string>>();

  function onAgentMessage(conversation: string, body: string) {
    const key = keyOf(body);
    const beginning = beginnings.get(key);
    if (beginning) return beginning.resolve(conversation);
    byConversation.get(conversation)!.received.visitor.push(key);
    p.onReceived(key);
  }

  async function begin(nth: number, localAddress: string): Promise<Pair> {
    const website = p.websites[nth % p.websites.length]!;
    const received: Pair["received"] = { visitor: [], agent: [] };
    const visitor = await driver.openVisitor({
      website,
      localAddress,
      onMessage(body) {
        const key = keyOf(body);
        received.agent.push(key);
        p.onReceived(key);
      },
    });
    const key = `v${p.worker}.begin${nth}`;
    const beginning = Promise.withResolvers<string>();
    beginnings.set(key, beginning);
    await visitor.send(`${key} ${firstWords}`);
    const conversation = await beginning.promise;
    received.visitor.push(key);
    const sent: Pair["sent"] = { visitor: [{ key, isAcknowledged: true }], agent: [] };
    const pair = { conversation, visitor, agent: agents.get(website)!, sent, received };
    byConversation.set(conversation, pair);
    return pair;
  }

  await inParallel(p.websites, openedAtOnce, async website => {
    const localAddress = addresses.next();
    agents.set(website, await driver.openAgent({ website, localAddress, onMessage: onAgentMessage }));
  });
  return inParallel(
    Array.from({ length: p.visitors }, (_, nth) => nth),
    openedAtOnce,
    nth => begin(nth, addresses.next()),
  );
}
