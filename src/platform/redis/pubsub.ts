import { randomBytes } from "node:crypto";
import type { Log } from "#platform/log.ts";
import type { Redis, RedisClient } from "./connection.ts";
import { within } from "./within.ts";

/**
 * Messages from process to process over Redis pub/sub. Best effort by design: what is published while Redis is away is
 * lost, and receivers see by their numbers that something is missing.
 */
export type PubSub = {
  /** names this process among the others */
  processId: string;
  /** Never waits, never throws. @param message  a text without line breaks */
  publish(channel: string, message: string): void;
  /** Receives what other processes publish, not this one's own. One listener a channel. @returns how to stop */
  subscribe(channel: string, listener: Listener): () => void;
  /** Resolves when Redis has confirmed every subscription so far, or does not answer. */
  ready(): Promise<void>;
  /** Whether a message of another process may have been lost lately: within `missedForMs`. */
  mayHaveMissedEvents(): boolean;
  markPossiblyMissed(): void;
  status(): PubSubStatus;
  close(): Promise<void>;
};

type Listener = (message: string, processId: string) => void;

export type PubSubStatus = {
  /** why no message crosses, in one line; null while all is well */
  problem: string | null;
  interruptions: number;
  /** messages, since the start */
  published: number;
  received: number;
  /** messages that Redis did not take */
  dropped: number;
};

/** Beyond this many bytes that Redis has not taken yet, messages are dropped. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** A website whose last visitor leaves is soon visited again: its subscription is kept for this long. */
const lingerMs = 10_000;
const subscribeMs = 1_000;

type Options = {
  /** of the channels, so that one Redis may serve others too */
  prefix: string;
  log: Log;
  /** how long after an interruption a message may be missing */
  missedForMs: number;
};

export const createPubSub = (redis: Redis, options: Options): PubSub => new RedisPubSub(redis, options);

class RedisPubSub implements PubSub {
  readonly processId = randomBytes(6).toString("base64url");
  private readonly redis: Redis;
  private readonly options: Options;
  private readonly subscriptions = new Map<string, { listener: Listener }>();
  private readonly subscribing = new Set<Promise<unknown>>();
  private readonly counts = { published: 0, received: 0, dropped: 0 };
  private outgoing = new Map<string, string[]>();
  private waitingBytes = 0;
  private missedAt = Date.now();
  /** holds the subscriptions, also while it is being opened or slow */
  private connected: RedisClient | null = null;

  constructor(redis: Redis, options: Options) {
    this.redis = redis;
    this.options = options;
    redis.whenOpened(async client => {
      this.markPossiblyMissed();
      this.connected = client;
      const channels = [...this.subscriptions.keys()].map(channel => this.nameOf(channel));
      if (channels.length) await client.subscribe(channels, this.receive);
    });
  }

  publish(channel: string, message: string): void {
    const messages = this.outgoing.get(channel);
    if (messages) return void messages.push(message);
    if (this.outgoing.size === 0) setImmediate(() => this.flush());
    this.outgoing.set(channel, [message]);
  }

  subscribe(channel: string, listener: Listener): () => void {
    const subscription = { listener };
    const isSubscribed = this.subscriptions.has(channel);
    this.subscriptions.set(channel, subscription);
    if (!isSubscribed) this.subscribeAtRedis(channel);
    return () => {
      setTimeout(() => {
        if (this.subscriptions.get(channel) !== subscription) return; // subscribed again meanwhile
        this.subscriptions.delete(channel);
        this.connected?.unsubscribe(this.nameOf(channel)).catch(() => {}); // a broken connection has no subscriptions
      }, lingerMs).unref();
    };
  }

  async ready(): Promise<void> {
    if (this.subscribing.size && this.redis.client()) await Promise.all(this.subscribing);
  }

  mayHaveMissedEvents(): boolean {
    return this.redis.client() === null || Date.now() - this.missedAt < this.options.missedForMs;
  }

  markPossiblyMissed(): void {
    this.missedAt = Date.now();
  }

  status(): PubSubStatus {
    return { ...this.redis.status(), ...this.counts };
  }

  async close(): Promise<void> {
    this.flush();
    // A ping is answered after everything that was published before it.
    await this.redis
      .client()
      ?.ping()
      .catch(() => {});
    await this.redis.close();
  }

  private nameOf(channel: string): string {
    return this.options.prefix + channel;
  }

  /** Messages of one turn of the event loop leave together: a batch of chat messages is one command a channel. */
  private flush() {
    const { outgoing } = this;
    this.outgoing = new Map();
    for (const [channel, messages] of outgoing) this.send(channel, messages);
  }

  private send(channel: string, messages: string[]) {
    const text = `${this.processId}\n${messages.join("\n")}`;
    const client = this.waitingBytes + text.length > maxWaitingBytes ? null : this.redis.client();
    const count = (what: "published" | "dropped") => () => {
      this.counts[what] += messages.length;
    };
    if (!client) return count("dropped")();
    this.waitingBytes += text.length;
    void client
      .publish(this.nameOf(channel), text)
      .then(count("published"), count("dropped"))
      .finally(() => {
        this.waitingBytes -= text.length;
      });
  }

  private readonly receive = (text: string, name: string) => {
    const subscription = this.subscriptions.get(name.slice(this.options.prefix.length));
    if (!subscription || text.startsWith(this.processId)) return;
    const [processId = "", ...messages] = text.split("\n");
    this.counts.received += messages.length;
    for (const message of messages) {
      try {
        subscription.listener(message, processId);
      } catch (error) {
        this.options.log.error(`A message by Redis on ${name} cannot be used: ${(error as Error).message}`);
      }
    }
  };

  /** A subscription that fails is made again with the next connection. */
  private subscribeAtRedis(channel: string) {
    if (!this.connected) return;
    const confirmed = within(subscribeMs, this.connected.subscribe(this.nameOf(channel), this.receive)).catch(() =>
      this.markPossiblyMissed(),
    );
    this.subscribing.add(confirmed);
    void confirmed.finally(() => this.subscribing.delete(confirmed));
  }
}
