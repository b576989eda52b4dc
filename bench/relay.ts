import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Command } from "commander";
import { createBus } from "#server/core/bus.ts";
import { connectRedis } from "#server/core/redis/connection.ts";
import { createRelay } from "#server/core/redis/relay.ts";
import { rosterOf } from "#server/core/roster.ts";
import { silent } from "#test/harness/log.ts";
import { startRedis } from "#test/harness/redis.ts";

const eventsARound = 20_000;
/** As many as a batch of messages tells in one turn. */
const eventsATurn = 50;
const prefix = "bench:";
/** As long as an event of a message is. */
const data = { conversationId: "x".repeat(36), author: "agent" as const, name: "x".repeat(600), typing: true };

/** What an event costs the process that tells it and those that hear it by Redis, and what knowing a visitor costs. */
export const relayCommand = () =>
  new Command("relay")
    .description("processor time of an event that crosses by Redis, at both ends, and memory of a visitor elsewhere")
    .option("--rounds <n>", "rounds of each way", "7")
    .action(async ({ rounds }: { rounds: string }) => {
      const redis = await startRedis();
      const { bus, relay } = await openBus(redis.url);
      const costs: Record<string, number[]> = {};
      for (const visitor of ["ann", "bob"]) {
        const child = fork(import.meta.filename, [redis.url, visitor]);
        await once(child, "message");
        for (let round = 0; round < Number(rounds); round++) {
          const { told, heard } = await tell(bus, child);
          costs.told = [...(costs.told ?? []), told];
          const way = visitor === "ann" ? "heard by who wants it" : "heard by who does not";
          costs[way] = [...(costs[way] ?? []), heard];
        }
        child.kill();
      }
      for (const [way, each] of Object.entries(costs)) console.log(`${way}: ${median(each).toFixed(2)} µs an event`);
      console.log(`a visitor elsewhere: ${Math.round(visitorBytes())} bytes`);
      await relay.close();
      await redis.stop();
    });

/** Microseconds of this process and of the one that hears, an event. */
async function tell(bus: Awaited<ReturnType<typeof openBus>>["bus"], child: ChildProcess) {
  const heard = once(child, "message");
  child.send("begin");
  const before = process.cpuUsage();
  for (let sent = 0; sent < eventsARound; sent += eventsATurn) {
    for (let i = 0; i < eventsATurn; i++) bus.publish("visitor:1:ann", { event: "conversation.typing", data });
    await sleep(2); // more at once would be dropped
  }
  const [microseconds] = await heard;
  const { user, system } = process.cpuUsage(before);
  return { told: (user + system) / eventsARound, heard: Number(microseconds) / eventsARound };
}

async function openBus(url: string) {
  const connection = connectRedis(url, silent);
  const relay = createRelay(connection, { prefix, log: silent });
  await connection.tried;
  return { relay, bus: createBus(relay) };
}

function visitorBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const count = 50_000;
  const websites = Array.from({ length: 500 }, (_, website): [number, string[]] => [
    website,
    Array.from({ length: count / 500 }, () => crypto.randomUUID()),
  ]);
  // As it comes over the wire: strings of its own.
  const text = JSON.stringify({ visitor: websites, agent: [] });
  websites.length = 0;
  collect();
  const before = process.memoryUsage().heapUsed;
  const roster = rosterOf(JSON.parse(text));
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  return roster.list().length === count ? bytes / count : Number.NaN;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

// The process that hears: it answers each round with the microseconds that hearing took.
if (process.argv[1] === import.meta.filename) {
  const { bus, relay } = await openBus(process.argv[2]!);
  bus.subscribe(`visitor:1:${process.argv[3]}`, () => {});
  await bus.settled();
  let before = process.cpuUsage();
  let received = 0;
  process.on("message", () => {
    before = process.cpuUsage();
    received = relay.status().received;
    const look = setInterval(() => {
      if (relay.status().received - received < eventsARound) return;
      clearInterval(look);
      const { user, system } = process.cpuUsage(before);
      process.send?.(user + system);
    }, 5);
  });
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}
