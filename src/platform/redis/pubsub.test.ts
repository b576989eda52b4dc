import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { keepLog } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { createBus } from "#server/realtime/bus.ts";
import { askRedisVersion, connectRedis } from "./connection.ts";
import { createPubSub } from "./pubsub.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

async function openRelay(prefix = "test:") {
  const { log, lines } = keepLog();
  const connection = connectRedis(redis.url, log);
  const pubsub = createPubSub(connection, { missedForMs: 60_000, prefix, log });
  onTestFinished(() => pubsub.close());
  await connection.tried;
  return { pubsub, lines };
}

async function listen(channel: string, prefix?: string) {
  const { pubsub, lines: logged } = await openRelay(prefix);
  const heard: string[] = [];
  const stop = pubsub.subscribe(channel, line => void heard.push(line));
  await pubsub.ready();
  return { pubsub, heard, logged, stop };
}

test("a line reaches every other process in order, and not the one that says it", async () => {
  const [one, two, three] = [await listen("news"), await listen("news"), await listen("other")];
  for (let number = 0; number < 1_000; number++) one.pubsub.publish("news", `line ${number}`);
  await eventually(() => expect(two.heard).toHaveLength(1_000));
  expect(two.heard).toEqual(Array.from({ length: 1_000 }, (_, number) => `line ${number}`));
  expect([one.heard, three.heard]).toEqual([[], []]);
  expect(one.pubsub.status()).toMatchObject({ problem: null, published: 1_000, dropped: 0 });
  expect(two.pubsub.status()).toMatchObject({ received: 1_000 });
});

test("who has another prefix hears nothing", async () => {
  const [one, two, stranger] = [await listen("news"), await listen("news"), await listen("news", "stranger:")];
  one.pubsub.publish("news", "ours");
  await eventually(() => expect(two.heard).toEqual(["ours"]));
  expect(stranger.heard).toEqual([]);
});

test("a listener that leaves and comes back at once misses nothing", async () => {
  const [one, two] = [await openRelay(), await listen("news")];
  two.stop();
  two.pubsub.subscribe("news", line => void two.heard.push(`again ${line}`));
  one.pubsub.publish("news", "hello");
  await eventually(() => expect(two.heard).toEqual(["again hello"]));
});

test("what cannot be read is told in the log, and the next is heard", async () => {
  const [one, two] = [await openRelay(), await openRelay()];
  const heard: unknown[] = [];
  two.pubsub.subscribe("news", line => void heard.push(JSON.parse(line)));
  await two.pubsub.ready();
  one.pubsub.publish("news", "{");
  one.pubsub.publish("news", "1");
  await eventually(() => expect(heard).toEqual([1]));
  expect(two.lines).toEqual([expect.stringContaining("test:news cannot be used")]);
});

test("while Redis is frozen, publishing drops what it has no room for; then all go on", async () => {
  const [one, two] = [await listen("news"), await listen("news")];
  redis.freeze();
  const long = "x".repeat(64 * 1024);
  for (let number = 0; number < 200; number++) {
    one.pubsub.publish("news", long);
    await new Promise(setImmediate);
  }
  // 12.8 MB were said, and at most 4 MB are kept.
  expect(one.pubsub.status().dropped).toBeGreaterThanOrEqual(135);
  await eventually(() => expect(one.pubsub.status().problem).toMatch(/has not answered/));
  await one.pubsub.ready();
  redis.thaw();
  await eventually(() => expect(one.pubsub.status()).toMatchObject({ problem: null, interruptions: 1 }));
  one.pubsub.publish("news", "back");
  await eventually(() => expect(two.heard.at(-1)).toBe("back"));
  expect(one.logged).toEqual([expect.stringMatching(/^Redis at redis:.*cannot be used/), "Redis answers again"]);
});

test("when Redis dies and is back, every subscription is", async () => {
  const [one, two] = [await listen("news"), await listen("news")];
  await redis.kill();
  await eventually(() => expect([one.pubsub.status().problem, two.pubsub.status().problem]).not.toContain(null));
  one.pubsub.publish("news", "to nobody");
  const third: string[] = [];
  two.pubsub.subscribe("late", line => void third.push(line));
  await redis.start();
  await eventually(() => {
    one.pubsub.publish("news", "back");
    one.pubsub.publish("late", "too");
    expect([two.heard.at(-1), third.at(-1)]).toEqual(["back", "too"]);
  });
  expect(two.heard).not.toContain("to nobody");
  expect(two.pubsub.mayHaveMissedEvents()).toBe(true);
});

test("a bus hears its own topics' events of others as they were, and its own once", async () => {
  const [one, two] = [createBus((await openRelay()).pubsub), createBus((await openRelay()).pubsub)];
  const heard: [string, unknown][] = [];
  const hear = (who: string) => (event: unknown) => void heard.push([who, event]);
  two.subscribe("visitor:1:ann", hear("two hears ann"));
  two.subscribe("visitor:2:ann", hear("two hears ann of another website"));
  two.subscribe("website:1", hear("two hears website 1"));
  one.subscribe("visitor:1:ann", hear("one hears ann"));
  await Promise.all([one.ready(), two.ready()]);
  const data = { conversationId: "c", author: "agent" as const, name: "Zoë\n✓", typing: true };
  const event = { event: "conversation.typing" as const, data };
  one.publish("visitor:1:ann", event);
  expect(heard).toEqual([["one hears ann", event]]);
  one.publish("visitor:1:bob", event);
  one.publishHere("visitor:1:ann", event);
  one.publish("website:1", { event: "memberships.changed", data: {} });
  await eventually(() => expect(heard).toHaveLength(4));
  expect(heard.slice(1)).toEqual(
    expect.arrayContaining([
      ["one hears ann", event],
      ["two hears ann", event],
      ["two hears website 1", { event: "memberships.changed", data: {} }],
    ]),
  );
});

test("its version is asked for, and why it cannot be", async () => {
  expect(await askRedisVersion(redis.url)).toMatch(/^Redis \d+\.\d+\.\d+ at redis:\/\/127/);
  await expect(askRedisVersion("redis://me:secret@127.0.0.1:1")).rejects.toThrow(
    /^redis:\/\/me:\*\*\*@127.0.0.1:1.* cannot be used: .*ECONNREFUSED/,
  );
});
