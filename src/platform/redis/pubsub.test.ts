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
  const received: string[] = [];
  const stop = pubsub.subscribe(channel, message => void received.push(message));
  await pubsub.ready();
  return { pubsub, received, logged, stop };
}

test("messages reach every other process in order, and not their sender", async () => {
  const [one, two, three] = [await listen("news"), await listen("news"), await listen("other")];
  for (let number = 0; number < 1_000; number++) one.pubsub.publish("news", `message ${number}`);
  await eventually(() => expect(two.received).toHaveLength(1_000));
  expect(two.received).toEqual(Array.from({ length: 1_000 }, (_, number) => `message ${number}`));
  expect([one.received, three.received]).toEqual([[], []]);
  expect(one.pubsub.status()).toMatchObject({ problem: null, published: 1_000, dropped: 0 });
  expect(two.pubsub.status()).toMatchObject({ received: 1_000 });
});

test("a process with another prefix gets nothing", async () => {
  const [one, two, stranger] = [await listen("news"), await listen("news"), await listen("news", "stranger:")];
  one.pubsub.publish("news", "ours");
  await eventually(() => expect(two.received).toEqual(["ours"]));
  expect(stranger.received).toEqual([]);
});

test("a listener that unsubscribes and subscribes again at once misses nothing", async () => {
  const [one, two] = [await openRelay(), await listen("news")];
  two.stop();
  two.pubsub.subscribe("news", message => void two.received.push(`again ${message}`));
  one.pubsub.publish("news", "hello");
  await eventually(() => expect(two.received).toEqual(["again hello"]));
});

test("an unreadable message is logged, and the next one is delivered", async () => {
  const [one, two] = [await openRelay(), await openRelay()];
  const received: unknown[] = [];
  two.pubsub.subscribe("news", message => void received.push(JSON.parse(message)));
  await two.pubsub.ready();
  one.pubsub.publish("news", "{");
  one.pubsub.publish("news", "1");
  await eventually(() => expect(received).toEqual([1]));
  expect(two.lines).toEqual([expect.stringContaining("test:news cannot be used")]);
});

test("while Redis is frozen, publishing drops messages beyond its max; then all continues", async () => {
  const [one, two] = [await listen("news"), await listen("news")];
  redis.freeze();
  const long = "x".repeat(64 * 1024);
  for (let number = 0; number < 200; number++) {
    one.pubsub.publish("news", long);
    await new Promise(setImmediate);
  }
  // 12.8 MB were published, and at most 4 MB are kept.
  expect(one.pubsub.status().dropped).toBeGreaterThanOrEqual(135);
  await eventually(() => expect(one.pubsub.status().problem).toMatch(/has not answered/));
  await one.pubsub.ready();
  redis.thaw();
  await eventually(() => expect(one.pubsub.status()).toMatchObject({ problem: null, interruptions: 1 }));
  one.pubsub.publish("news", "back");
  await eventually(() => expect(two.received.at(-1)).toBe("back"));
  expect(one.logged).toEqual([expect.stringMatching(/^Redis at redis:.*cannot be used/), "Redis answers again"]);
});

test("when Redis dies and is back, every subscription works again", async () => {
  const [one, two] = [await listen("news"), await listen("news")];
  await redis.kill();
  await eventually(() => expect([one.pubsub.status().problem, two.pubsub.status().problem]).not.toContain(null));
  one.pubsub.publish("news", "to no process");
  const third: string[] = [];
  two.pubsub.subscribe("late", message => void third.push(message));
  await redis.start();
  await eventually(() => {
    one.pubsub.publish("news", "back");
    one.pubsub.publish("late", "too");
    expect([two.received.at(-1), third.at(-1)]).toEqual(["back", "too"]);
  });
  expect(two.received).not.toContain("to no process");
  expect(two.pubsub.mayHaveMissedEvents()).toBe(true);
});

test("a bus gets the events of other processes for its topics unchanged, and its own once", async () => {
  const [one, two] = [createBus((await openRelay()).pubsub), createBus((await openRelay()).pubsub)];
  const received: [string, unknown][] = [];
  const receivedBy = (who: string) => (event: unknown) => void received.push([who, event]);
  two.subscribe("visitor:1:ann", receivedBy("two gets ann"));
  two.subscribe("visitor:2:ann", receivedBy("two gets ann of another website"));
  two.subscribe("website:1", receivedBy("two gets website 1"));
  one.subscribe("visitor:1:ann", receivedBy("one gets ann"));
  await Promise.all([one.ready(), two.ready()]);
  const data = { conversationId: "c", author: "agent" as const, name: "Zoë\n✓", typing: true };
  const event = { event: "conversation.typing" as const, data };
  one.publish("visitor:1:ann", event);
  expect(received).toEqual([["one gets ann", event]]);
  one.publish("visitor:1:bob", event);
  one.publishHere("visitor:1:ann", event);
  one.publish("website:1", { event: "memberships.changed", data: {} });
  await eventually(() => expect(received).toHaveLength(4));
  expect(received.slice(1)).toEqual(
    expect.arrayContaining([
      ["one gets ann", event],
      ["two gets ann", event],
      ["two gets website 1", { event: "memberships.changed", data: {} }],
    ]),
  );
});

test("the version of Redis is read, or the reason why not", async () => {
  expect(await askRedisVersion(redis.url)).toMatch(/^Redis \d+\.\d+\.\d+ at redis:\/\/127/);
  await expect(askRedisVersion("redis://me:secret@127.0.0.1:1")).rejects.toThrow(
    /^redis:\/\/me:\*\*\*@127.0.0.1:1.* cannot be used: .*ECONNREFUSED/,
  );
});
