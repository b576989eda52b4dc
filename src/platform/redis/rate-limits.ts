import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { type GuessRule, type RateLimit, type Rule, rules } from "#platform/rate-limit-rules.ts";
import { AppError } from "#protocol/errors.ts";
import type { Redis } from "./connection.ts";
import { within } from "./within.ts";

/**
 * Rules that all processes count together. Each process counts messages and reads alone: a sender's sockets are usually at
 * one process, and a request to Redis for each message would cost more than the message's share of a batch.
 */
const shared: ReadonlySet<Rule> = new Set<Rule>(["signIn", "signInFrom", "signInTo", "code", "session"]);

/** If Redis takes longer, the process counts alone. */
const maxAnswerMs = 250;

export type Limits = {
  /** @throws AppError "rate_limited" with `retryAfterMs` in its details */
  take(rule: Rule, key: string): Promise<void>;
  /**
   * Runs a try of a secret. It counts before it runs, so that many at once are limited too; unless it turns out to be a
   * wrong guess, the count is taken back.
   * @throws AppError "rate_limited", or what the work throws
   */
  guess<Result>(keys: readonly (readonly [GuessRule, string])[], work: () => Promise<Result>): Promise<Result>;
};

/**
 * @param redis   holds the shared counts; null: each process counts alone
 * @param others  limits of LIMITS
 */
export function createLimits(
  redis: { connection: Redis; prefix: string } | null,
  others: Partial<Record<Rule, RateLimit>> = {},
): Limits {
  const limiters = Object.fromEntries(
    Object.entries({ ...rules, ...others }).map(([rule, options]) => {
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

  async function take(rule: Rule, key: string) {
    try {
      await limiters[rule].consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const retryAfterMs = refused.msBeforeNext;
      throw new AppError("rate_limited", `Too many tries. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`, {
        details: { retryAfterMs },
      });
    }
  }

  return {
    take,
    async guess(keys, work) {
      const taken: (readonly [GuessRule, string])[] = [];
      try {
        for (const [rule, key] of keys) {
          await take(rule, key);
          taken.push([rule, key]);
        }
        const result = await work();
        // Also the wrong guesses before the right one: somebody who mistyped their password begins again.
        await Promise.all(
          taken.map(([rule, key]) => (rule === "signIn" ? limiters[rule].delete(key) : giveBack(rule, key))),
        );
        return result;
      } catch (error) {
        if (!isWrongGuess(error)) await Promise.all(taken.map(([rule, key]) => giveBack(rule, key)));
        throw error;
      }
    },
  };

  async function giveBack(rule: Rule, key: string) {
    await limiters[rule].reward(key);
  }
}

const isWrongGuess = (error: unknown) =>
  error instanceof AppError && ["wrong_credentials", "wrong_code", "invitation_gone"].includes(error.code);

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
