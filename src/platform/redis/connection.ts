import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@redis/client";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { within } from "./within.ts";

export type RedisClient = ReturnType<typeof newClient>;

export type Redis = {
  /** Use it at once and do not keep it; null while Redis is down or does not answer. */
  client(): RedisClient | null;
  /** Runs on each new connection before it is used, for example to subscribe. */
  whenOpened(prepare: (client: RedisClient) => Promise<unknown>): void;
  /** Resolves when the first connection is open or has failed. */
  tried: Promise<void>;
  /** problem: in one line, null while Redis can be used; interruptions: how often it became unusable */
  status(): { problem: string | null; interruptions: number };
  close(): Promise<void>;
};

const pingEveryMs = 1_000;
/** Without an answer for this long Redis counts as down, until it answers again. */
const slowMs = 1_000;
/** Without an answer for this long the connection is closed: the network may have failed without a close. */
const giveUpMs = 10_000;
const openMs = 3_000;
const maxPauseMs = 2_000;

/** Bounds the commands that wait for a Redis that has just stopped answering. */
const maxCommands = 50_000;

const newClient = (url: string) =>
  createClient({
    url,
    socket: { reconnectStrategy: false, connectTimeout: openMs },
    commandsQueueMaxLength: maxCommands,
    maintNotifications: "disabled",
  });

export const connectRedis = (url: string, log: Log): Redis => new RedisConnection(url, log);

/** Keeps one connection to Redis while the process lives. No caller waits for it, and no command queues for it. */
class RedisConnection implements Redis {
  readonly tried: Promise<void>;
  private readonly url: string;
  private readonly log: Log;
  private readonly preparations: ((client: RedisClient) => Promise<unknown>)[] = [];
  private readonly resolveTried: () => void;
  private readonly running: Promise<void>;
  private usable: RedisClient | null = null;
  private problem: string | null = "It was not reached yet";
  private interruptions = 0;
  private isReported = false;
  private isClosing = false;
  /** aborts the connection, or the pause before the next one */
  private current = new AbortController();

  constructor(url: string, log: Log) {
    this.url = url;
    this.log = log;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.tried = promise;
    this.resolveTried = resolve;
    this.running = this.keepConnected();
  }

  client(): RedisClient | null {
    return this.usable?.isReady ? this.usable : null;
  }

  whenOpened(prepare: (client: RedisClient) => Promise<unknown>): void {
    this.preparations.push(prepare);
  }

  status(): { problem: string | null; interruptions: number } {
    return { problem: this.problem, interruptions: this.interruptions };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.current.abort();
    await this.running;
  }

  private async keepConnected() {
    for (let failures = 0; !this.isClosing; failures++) {
      const connected = new AbortController();
      this.current = connected;
      const client = newClient(this.url);
      client.on("error", error => connected.abort(error));
      try {
        await within(openMs, this.open(client));
        failures = 0;
        this.setUsable(client, null);
        await this.watch(client, connected.signal);
      } catch (error) {
        this.setUsable(null, reason(connected.signal.reason ?? error));
      } finally {
        client.destroy();
      }
      if (this.isClosing) return;
      this.current = new AbortController();
      const { signal } = this.current;
      await sleep(pauseMs(failures), null, { signal, ref: false }).catch(() => {}); // aborted: the loop ends
    }
  }

  private async open(client: RedisClient) {
    await client.connect();
    await Promise.all(this.preparations.map(prepare => prepare(client)));
  }

  private async watch(client: RedisClient, signal: AbortSignal): Promise<never> {
    for (;;) {
      await sleep(pingEveryMs, null, { signal, ref: false });
      const slow = setTimeout(() => this.setUsable(null, `It has not answered for ${slowMs / 1000} s`), slowMs);
      await within(giveUpMs, client.ping()).finally(() => clearTimeout(slow));
      this.setUsable(client, null);
    }
  }

  private setUsable(client: RedisClient | null, problem: string | null) {
    this.usable = client;
    this.resolveTried();
    if (this.isClosing) return;
    if (this.problem === null && problem !== null) this.interruptions++;
    this.problem = problem;
    if (this.isReported === (problem !== null)) return;
    this.isReported = problem !== null;
    this.log.warn(
      problem === null
        ? "Redis answers again"
        : `Redis at ${maskUrl(this.url)} cannot be used: ${problem}. Chat goes on; events of other processes arrive late`,
    );
  }
}

const pauseMs = (failures: number) => Math.min(maxPauseMs, 50 * 2 ** failures) * (0.5 + Math.random() / 2);

/** A client that is not connected yet, for one question. The caller destroys it. */
export function openRedis(url: string): RedisClient {
  const client = newClient(url);
  client.on("error", () => {}); // connect() rejects with the same
  return client;
}

/** @throws Error with the reason in one line, and without the password */
export async function askRedisVersion(url: string): Promise<string> {
  const client = openRedis(url);
  try {
    const info = await within(
      openMs,
      client.connect().then(() => client.info("server")),
    );
    // Valkey also reports the version of Redis that it is compatible with.
    const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
    const version = valkey ? `Valkey ${valkey}` : `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}`;
    return `${version} at ${maskUrl(url)}`;
  } catch (error) {
    throw new Error(`${maskUrl(url)} cannot be used: ${reason(error)}. Check REDIS_URL and that it is running.`);
  } finally {
    client.destroy();
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return (message || code || "unknown reason").replace(/\s+/g, " ").replace(/\.$/, "");
}
