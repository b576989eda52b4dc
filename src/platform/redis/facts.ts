import { within } from "./within.ts";

/** What Redis says about its memory. `maxBytes` is 0 without a limit; `evictions` counts since its start. */
export type RedisFacts = { usedBytes: number; maxBytes: number; policy: string; evictions: number };

const answerMs = 3_000;

/** Over a connection of its own. @throws Error with the reason */
export async function readRedisFacts(url: string): Promise<RedisFacts> {
  const { openRedis } = await import("./connection.ts"); // a fifth of all modules of a server
  const client = openRedis(url);
  try {
    const [memory, stats] = await within(
      answerMs,
      client.connect().then(() => Promise.all([client.info("memory"), client.info("stats")])),
    );
    const read = (info: string, name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "";
    return {
      usedBytes: Number(read(memory, "used_memory")),
      maxBytes: Number(read(memory, "maxmemory")),
      policy: read(memory, "maxmemory_policy"),
      evictions: Number(read(stats, "evicted_keys")),
    };
  } finally {
    client.destroy();
  }
}
