import { addressesFrom } from "./addresses.ts";
import { inParallel } from "./parallel.ts";
import type { Agent, Chat, Visitor } from "./system-under-test.ts";

export type Side = "visitor" | "agent";

/** A visitor and the agent of their website, who talk in one conversation. */
export type Pair = {
  conversation: string;
  visitor: Visitor;
  agent: Agent;
  /** the keys of what was sent, in order, and of what the other side heard of it */
  sent: Record<Side, { key: string; acknowledged: boolean }[]>;
  heard: Record<Side, string[]>;
};

export type Heard = (side: Side, key: string) => void;

/** Every message begins with a word that no other has; its first letter tells who wrote it. */
export const keyOf = (body: string): string => body.slice(0, body.indexOf(" "));

const atOnce = 64;
const firstWords = "Hello, is anybody there? I have a question about my order.";

/**
 * Connects an agent a website and the visitors, and has each visitor begin a conversation.
 * @param p.worker    told apart by it: keys and addresses
 * @param p.websites  by number; visitors are spread over them evenly
 * @param p.onReceived   told of every message that has arrived at the other side
 */
export async function openPairs(
  chat: Chat,
  p: { worker: number; websites: number[]; visitors: number; onReceived: Heard },
): Promise<Pair[]> {
  const addresses = addressesFrom(p.worker, "talkers");
  const agents = new Map<number, Agent>();
  const byConversation = new Map<string, Pair>();
  const beginners = new Map<string, PromiseWithResolvers<string>>();

  function onAgentMessage(conversation: string, body: string) {
    const key = keyOf(body);
    const beginner = beginners.get(key);
    if (beginner) return beginner.resolve(conversation);
    byConversation.get(conversation)!.heard.visitor.push(key);
    p.onReceived("visitor", key);
  }

  async function begin(nth: number, localAddress: string): Promise<Pair> {
    const website = p.websites[nth % p.websites.length]!;
    const heard: Pair["heard"] = { visitor: [], agent: [] };
    const visitor = await chat.openVisitor({
      website,
      localAddress,
      onMessage(body) {
        const key = keyOf(body);
        heard.agent.push(key);
        p.onReceived("agent", key);
      },
    });
    const key = `v${p.worker}.begin${nth}`;
    const begun = Promise.withResolvers<string>();
    beginners.set(key, begun);
    await visitor.send(`${key} ${firstWords}`);
    const conversation = await begun.promise;
    heard.visitor.push(key);
    const sent: Pair["sent"] = { visitor: [{ key, acknowledged: true }], agent: [] };
    const pair = { conversation, visitor, agent: agents.get(website)!, sent, heard };
    byConversation.set(conversation, pair);
    return pair;
  }

  await inParallel(p.websites, atOnce, async website => {
    const localAddress = addresses.next();
    agents.set(website, await chat.openAgent({ website, localAddress, onMessage: onAgentMessage }));
  });
  return inParallel(
    Array.from({ length: p.visitors }, (_, nth) => nth),
    atOnce,
    nth => begin(nth, addresses.next()),
  );
}
