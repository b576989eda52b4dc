import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#protocol/errors.ts";

/** Points (tries) in a duration (seconds), by key; what a person does by hand stays far below. */
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

export type Limits = {
  /** @throws AppError "rate_limited" with `retryAfterMs` in its details */
  take(rule: Rule, key: string): Promise<void>;
  /** Forgets what was taken, after a success. */
  reset(rule: Rule, key: string): Promise<void>;
};

export function createLimits(): Limits {
  const limiters = Object.fromEntries(
    Object.entries(rules).map(([rule, options]) => [rule, new RateLimiterMemory(options)]),
  ) as Record<Rule, RateLimiterMemory>;
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
