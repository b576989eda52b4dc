import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@redis/client";
import type { Log } from "#platform/log.ts";
import { maskUrl } from "#platform/mask-url.ts";

export type RedisClient = ReturnType<typeof newClient>;

export type Redis = {
  /** Use it at once and do not keep it; null while Redis is gone or does not answer. */
  client(): RedisClient | null;
  /** Runs on each new connection before it is used, for example to subscribe. */
  whenOpened(prepare: (client: RedisClient) => Promise<unknown>): void;
  /** Resolves when the first connection is open or has failed. */
  tried: Promise<void>;
  /** problem: in one line, null while all is well; interruptions: how often it went from well to not */
  status(): { problem: string | null; interruptions: number };
  close(): Promise<void>;
};

const pingEveryMs = 1_000;
/** Without an answer for this long Redis counts as away, until it answers again. */
const slowMs = 1_000;
/** Without an answer for this long the connection is closed: its other end may be gone without a close. */
const giveUpMs = 10_000;
const openMs = 3_000;
const maxPauseMs = 2_000;

/** Bounds what waits for a Redis that has just stopped answering. */
const maxCommands = 50_000;

const newClient = (url: string) =>
  createClient({
    url,
    socket: { reconnectStrategy: false, connectTimeout: openMs },
    commandsQueueMaxLength: maxCommands,
    maintNotifications: "disabled",
  });

/** Keeps one connection to Redis while the process lives. No caller waits for it, and no command queues for it. */
export function connectRedis(url: string, log: Log): Redis {
  const preparations: ((client: RedisClient) => Promise<unknown>)[] = [];
  const { promise: tried, resolve: wasTried } = Promise.withResolvers<void>();
  let usable: RedisClient | null = null;
  let problem: string | null = "It was not reached yet";
  let interruptions = 0;
  let isReported = false;
  let isClosing = false;
  /** aborts the connection, or the pause before the next one */
  let over = new AbortController();
  const running = keepConnected();

  async function keepConnected() {
    for (let failures = 0; !isClosing; failures++) {
      const connected = new AbortController();
      over = connected;
      const client = newClient(url);
      client.on("error", error => connected.abort(error));
      try {
        await within(openMs, open(client));
        failures = 0;
        setUsable(client, null);
        await watch(client, connected.signal);
      } catch (error) {
        setUsable(null, reason(connected.signal.reason ?? error));
      } finally {
        client.destroy();
      }
      if (isClosing) return;
      over = new AbortController();
      await sleep(pauseMs(failures), null, { signal: over.signal, ref: false }).catch(() => {}); // woken to close
    }
  }

  async function open(client: RedisClient) {
    await client.connect();
    await Promise.all(preparations.map(prepare => prepare(client)));
  }

  async function watch(client: RedisClient, signal: AbortSignal): Promise<never> {
    for (;;) {
      await sleep(pingEveryMs, null, { signal, ref: false });
      const slow = setTimeout(() => setUsable(null, `It has not answered for ${slowMs / 1000} s`), slowMs);
      await within(giveUpMs, client.ping()).finally(() => clearTimeout(slow));
      setUsable(client, null);
    }
  }

  function setUsable(client: RedisClient | null, next: string | null) {
    usable = client;
    wasTried();
    if (isClosing) return;
    if (problem === null && next !== null) interruptions++;
    problem = next;
    if (isReported === (next !== null)) return;
    isReported = next !== null;
    log.warn(
      next === null
        ? "Redis answers again"
        : `Redis at ${maskUrl(url)} cannot be used: ${next}. Chat goes on; events of other processes arrive late`,
    );
  }

  return {
    client: () => (usable?.isReady ? usable : null),
    whenOpened: prepare => void preparations.push(prepare),
    tried,
    status: () => ({ problem, interruptions }),
    async close() {
      isClosing = true;
      over.abort();
      await running;
    },
  };
}

const pauseMs = (failures: number) => Math.min(maxPauseMs, 50 * 2 ** failures) * (0.5 + Math.random() / 2);

/** @throws Error with the reason in one line, and without the password */
export async function askRedisVersion(url: string): Promise<string> {
  const client = newClient(url);
  client.on("error", () => {}); // connect() rejects with the same
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

/** @throws Error when the work takes longer */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`It has not answered for ${ms / 1000} s`)), ms).unref();
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return (message || code || "unknown reason").replace(/\s+/g, " ").replace(/\.$/, "");
}
