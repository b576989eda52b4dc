import { byThreshold, type Check, growthSince, inBytes, ok, plural, unknown } from "./check.ts";

const about = "redis";
const absent = () => unknown("Redis does not answer.", "See “redis” in /ready, and start Redis.");

/** Without REDIS_URL they are left out. */
export const redisChecks: Check[] = [
  {
    ...{ id: "redis-memory", title: "Memory of Redis", about, unit: "percent", healthy: "below 80%" },
    metric: "prochat_redis_memory_used_ratio",
    look({ config, redis }) {
      if (config.redisUrl === null) return null;
      if (!redis) return absent();
      if (redis.maxBytes === 0) return ok(`Redis uses ${inBytes(redis.usedBytes)}, and has no limit.`);
      const value = (redis.usedBytes / redis.maxBytes) * 100;
      const level = byThreshold(value, { warn: 80, error: 95 });
      return {
        level,
        value,
        why: `Redis uses ${inBytes(redis.usedBytes)} of ${inBytes(redis.maxBytes)}.`,
        fix: level === "ok" ? null : `Give it more: config set maxmemory ${redis.maxBytes * 2}`,
      };
    },
  },
  {
    ...{ id: "redis-evictions", title: "Keys evicted by Redis", about, unit: "count", healthy: "0" },
    look(source) {
      if (source.config.redisUrl === null) return null;
      if (!source.redis) return absent();
      const { evictions, policy, maxBytes } = source.redis;
      const counters = { redisEvictions: evictions };
      const inHour = growthSince(source.earlier, "redisEvictions", evictions) ?? 0;
      const value = growthSince(source.previous, "redisEvictions", evictions) ?? 0;
      if (value === 0) {
        const before = inHour === 0 ? "" : ` in the last minute; ${plural(inHour, "key")} in the hour before`;
        return ok(`Redis removed no key to make space${before}.`, { value, counters });
      }
      return {
        level: "error",
        value,
        why: `Redis removed ${plural(value, "key")} in the last minute to make space (${policy}): limits on guessing passwords forget what they counted.`,
        fix: `Give it more memory, or a Redis of its own: config set maxmemory ${maxBytes * 2}`,
        counters,
      };
    },
  },
];
