import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#protocol/errors.ts";
import { type Redis, within } from "./connection.ts";

/** Points (tries) in a duration (seconds), by key. A person stays far below. */
const rules = {
  /** failed sign-ins, by address and account: guessing a password */
  signIn: { points: 10, duration: 15 * 60 },
  /** sign-ins, by address: guessing accounts */
  signInFrom: { points: 100, duration: 15 * 60 },
  /** tries of the set-up code or an invitation, by address */
  code: { points: 20, duration: 15 * 60 },
  /** widget sessions, by address; an office shares one */
  session: { points: 120, duration: 60 },
  /** messages, by visitor */
  visitorSend: { points: 20, duration: 10 },
  /** messages, by agent */
  agentSend: { points: 100, duration: 10 },
} as const;

export type Rule = keyof typeof rules;

/**
 * Rules that all processes count together. Each process counts messages alone: a sender's sockets are usually at one
 * process, and a request to Redis for each message would cost more than the message's share of a batch.
 */
const shared: ReadonlySet<Rule> = new Set<Rule>(["signIn", "signInFrom", "code", "session"]);

/** If Redis takes longer, the process counts alone. */
const maxAnswerMs = 250;

export type Limits = {
  /** @throws AppError "rate_limited" with `retryAfterMs` in its details */
  take(rule: Rule, key: string): Promise<void>;
  /** Sets the count back to 0, after a success. */
  reset(rule: Rule, key: string): Promise<void>;
};

/** @param redis  holds the shared counts; null: each process counts alone */
export function createLimits(redis: { connection: Redis; prefix: string } | null): Limits {
  const limiters = Object.fromEntries(
    Object.entries(rules).map(([rule, options]) => {
      const alone = new RateLimiterMemory(options);
      if (!redis || !shared.has(rule as Rule)) return [rule, alone];
      const storeClient = createStore(redis.connection);
      const keyPrefix = `${redis.prefix}limit:${rule}`;
      return [
        rule,
        new RateLimiterRedis({ ...options, storeClient, keyPrefix, useRedisPackage: true, insuranceLimiter: alone }),
      ];
    }),
  ) as Record<Rule, RateLimiterMemory | RateLimiterRedis>;
  return {
    async take(rule, key) {
      try {
        await limiters[rule].consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const retryAfterMs = refused.msBeforeNext;
        throw new AppError("rate_limited", `Too many tries. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`, {
          details: { retryAfterMs },
        });
      }
    },
    reset: async (rule, key) => void (await limiters[rule].delete(key)),
  };
}

/** The two commands that the limiter needs. If one fails or is slow, the limiter counts in memory. */
function createStore(redis: Redis) {
  const client = () => {
    const usable = redis.client();
    if (!usable) throw new Error("Redis is not connected");
    return usable;
  };
  return {
    eval: async (script: string, options: { keys: string[]; arguments: string[] }) =>
      within(maxAnswerMs, client().eval(script, options)),
    del: async (key: string) => within(maxAnswerMs, client().del(key)),
  };
}
