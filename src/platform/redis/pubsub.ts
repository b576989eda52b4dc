import { randomBytes } from "node:crypto";
import type { Log } from "#platform/log.ts";
import { type Redis, type RedisClient, within } from "./connection.ts";

/**
 * Lines of text from process to process, by Redis pub/sub. Best effort by design: what is published while Redis is away
 * is gone, and whoever relies on it has numbers to see that something is missing.
 */
export type Relay = {
  /** Names this process among the others. */
  origin: string;
  /** Never waits, never throws. @param line  without line breaks */
  publish(channel: string, line: string): void;
  /** Hears what the other processes publish, not this one's own. One listener a channel. Returns how to stop. */
  subscribe(channel: string, listener: Listener): () => void;
  /** Resolves when Redis has taken every subscription so far, or does not answer. */
  settled(): Promise<void>;
  /** Whether something that others published may not have come here lately: within `doubtMs`. */
  mayMiss(): boolean;
  /** Something that others published may not have come here. */
  doubt(): void;
  status(): RelayStatus;
  close(): Promise<void>;
};

type Listener = (line: string, origin: string) => void;

export type RelayStatus = {
  /** why nothing crosses, in one line; null while all is well */
  problem: string | null;
  interruptions: number;
  /** lines, since the start */
  published: number;
  received: number;
  /** lines that went nowhere, as Redis did not take them */
  dropped: number;
};

/** What Redis has not taken yet; past this, lines are dropped rather than kept. */
const mostWaitingBytes = 4 * 1024 * 1024;
/** A website whose last visitor leaves is soon visited again. */
const lingerMs = 10_000;
const subscribeMs = 1_000;

/**
 * @param prefix   of the channels, so that one Redis may serve others too
 * @param doubtMs  how long after an interruption something may still be missing
 */
export function createRelay(
  redis: Redis,
  { prefix, log, doubtMs }: { prefix: string; log: Log; doubtMs: number },
): Relay {
  const origin = randomBytes(6).toString("base64url");
  const subscriptions = new Map<string, { listener: Listener }>();
  const subscribing = new Set<Promise<unknown>>();
  let leaving = new Map<string, string[]>();
  let waitingBytes = 0;
  let doubtedAt = Date.now();
  /** that of subscriptions: also while it is being opened, and while it is slow */
  let connected: RedisClient | null = null;
  const counts = { published: 0, received: 0, dropped: 0 };

  redis.whenOpened(async client => {
    doubtedAt = Date.now();
    connected = client;
    if (subscriptions.size) await client.subscribe([...subscriptions.keys()].map(named), receive);
  });

  const named = (channel: string) => prefix + channel;

  /** What is published in one turn of the event loop leaves together: a batch of messages is one command a channel. */
  function flush() {
    const outgoing = leaving;
    leaving = new Map();
    for (const [channel, lines] of outgoing) send(channel, lines);
  }

  function send(channel: string, lines: string[]) {
    const text = `${origin}\n${lines.join("\n")}`;
    const client = waitingBytes + text.length > mostWaitingBytes ? null : redis.client();
    const count = (what: "published" | "dropped") => () => {
      counts[what] += lines.length;
    };
    if (!client) return count("dropped")();
    waitingBytes += text.length;
    void client
      .publish(named(channel), text)
      .then(count("published"), count("dropped"))
      .finally(() => {
        waitingBytes -= text.length;
      });
  }

  function receive(text: string, name: string) {
    const subscription = subscriptions.get(name.slice(prefix.length));
    if (!subscription || text.startsWith(origin)) return;
    const [from = "", ...lines] = text.split("\n");
    counts.received += lines.length;
    for (const line of lines) {
      try {
        subscription.listener(line, from);
      } catch (error) {
        log.error(`What came by Redis on ${name} cannot be used: ${(error as Error).message}`);
      }
    }
  }

  /** One that fails is taken by the next connection. */
  function take(channel: string) {
    if (!connected) return;
    const taken = within(subscribeMs, connected.subscribe(named(channel), receive)).catch(() => {
      doubtedAt = Date.now();
    });
    subscribing.add(taken);
    void taken.finally(() => subscribing.delete(taken));
  }

  const leave = (channel: string) => connected?.unsubscribe(named(channel)).catch(() => {}); // it broke, and all ended

  return {
    origin,
    publish(channel, line) {
      const lines = leaving.get(channel);
      if (lines) return void lines.push(line);
      if (leaving.size === 0) setImmediate(flush);
      leaving.set(channel, [line]);
    },
    subscribe(channel, listener) {
      const subscription = { listener };
      const isTaken = subscriptions.has(channel);
      subscriptions.set(channel, subscription);
      if (!isTaken) take(channel);
      return () => {
        setTimeout(() => {
          if (subscriptions.get(channel) !== subscription) return; // taken up again
          subscriptions.delete(channel);
          void leave(channel);
        }, lingerMs).unref();
      };
    },
    settled: async () => void (subscribing.size && redis.client() && (await Promise.all(subscribing))),
    mayMiss: () => redis.client() === null || Date.now() - doubtedAt < doubtMs,
    doubt() {
      doubtedAt = Date.now();
    },
    status: () => ({ ...redis.status(), ...counts }),
    async close() {
      flush();
      await redis
        .client()
        ?.ping()
        .catch(() => {}); // behind everything that was published
      await redis.close();
    },
  };
}
