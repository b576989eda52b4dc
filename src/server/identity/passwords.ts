import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "#protocol/errors.ts";

/** Hashes passwords, away from everything else: a burst of sign-ins slows sign-ins only. */
export type Passwords = {
  /** @throws AppError "overloaded" when too many wait */
  hash(password: string): Promise<string>;
  /** @throws AppError "overloaded" when too many wait */
  verify(stored: string, password: string): Promise<boolean>;
  /** True for a hash of other parameters than today's: hash the password again when it is next known. */
  isOutdated(stored: string): boolean;
  /** What hashes within the work goes before all others and has a queue of its own. */
  prefer<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

type Cost = { N: number; r: number; p: number };
export type HashJob = { password: string; salt: string; keyBytes: number; cost: Cost };
type Waiting = { job: HashJob; resolve(key: Uint8Array): void; reject(error: Error): void };

/**
 * One of the equal choices of the OWASP Password Storage Cheat Sheet for scrypt (N=2^15, r=8, p=3): 32 MB and about 0.1 s
 * of a core.
 */
const cost: Cost = { N: 2 ** 15, r: 8, p: 3 };
const keyBytes = 64;

/** The library's own hashes, of before: salt:key, both in hexadecimal. */
const earlierCost: Cost = { N: 2 ** 14, r: 16, p: 1 };

/** Further ones are refused: they would wait for seconds, and a person tries again sooner. */
const maxWaiting = 10;
const retryAfterMs = 2_000;

/** A password that was just set signs in without being hashed again. */
const freshMs = 10_000;

/**
 * A thread of its own, not the pool of node:crypto: there hashes held up the check of every token and each new database
 * connection. One at a time leaves the other cores to the chat.
 */
export function createPasswords(): Passwords {
  const preferred = new AsyncLocalStorage<true>();
  const queues = { preferred: [] as Waiting[], others: [] as Waiting[] };
  const fresh = new Map<string, string>();
  let thread: Worker | null = null;
  let running: Waiting | null = null;

  function derive(job: HashJob): Promise<Uint8Array> {
    const queue = queues[preferred.getStore() ? "preferred" : "others"];
    if (queue.length >= maxWaiting) throw overloaded();
    return new Promise((resolve, reject) => {
      queue.push({ job, resolve, reject });
      next();
    });
  }

  function next() {
    if (running) return;
    running = queues.preferred.shift() ?? queues.others.shift() ?? null;
    if (!running) return void thread?.unref();
    thread ??= start();
    thread.ref();
    thread.postMessage(running.job);
  }

  function start(): Worker {
    const worker = new Worker(join(import.meta.dirname, "hash-thread.ts"));
    worker.on("message", (key: Uint8Array) => end(({ resolve }) => resolve(key)));
    worker.on("error", error => {
      thread = null; // the next job starts another one
      end(({ reject }) => reject(error as Error));
    });
    return worker;
  }

  function end(answer: (waiting: Waiting) => void) {
    const ended = running;
    running = null;
    if (ended) answer(ended);
    next();
  }

  return {
    async hash(password) {
      const salt = randomBytes(16).toString("base64url");
      const key = Buffer.from(await derive({ password, salt, keyBytes, cost })).toString("base64url");
      const stored = ["scrypt", cost.N, cost.r, cost.p, salt, key].join("$");
      fresh.set(stored, password);
      setTimeout(() => fresh.delete(stored), freshMs).unref();
      return stored;
    },
    async verify(stored, password) {
      if (fresh.get(stored) === password) return true;
      const { key, ...job } = parse(stored);
      return timingSafeEqual(await derive({ ...job, password, keyBytes: key.length }), key);
    },
    isOutdated: stored => !stored.startsWith(`scrypt$${cost.N}$${cost.r}$${cost.p}$`),
    prefer: work => preferred.run(true, work),
    async close() {
      await thread?.terminate();
    },
  };
}

function parse(stored: string): { salt: string; key: Buffer; cost: Cost } {
  const [name, N, r, p, salt, key] = stored.split("$");
  if (name === "scrypt" && salt && key) {
    return { salt, key: Buffer.from(key, "base64url"), cost: { N: Number(N), r: Number(r), p: Number(p) } };
  }
  const [earlierSalt, earlierKey] = stored.split(":");
  if (!earlierSalt || !earlierKey) throw new Error("A stored password is not a hash that this version knows");
  return { salt: earlierSalt, key: Buffer.from(earlierKey, "hex"), cost: earlierCost };
}

const overloaded = () =>
  new AppError("overloaded", "Too many people are signing in. Try again in some seconds.", {
    details: { retryAfterMs },
  });
