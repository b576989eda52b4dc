import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { connectRedis } from "#platform/redis/connection.ts";
import { createPubSub } from "#platform/redis/pubsub.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { createBus } from "#server/realtime/bus.ts";
import { createPresence } from "./presence.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => void vi.useRealTimers());

const website = 1;
const page = { url: "https://shop.example/bikes", title: "Bikes" };
const come = (visitorId: string) => ({ visitorId, online: true, page });
const go = (visitorId: string) => ({ visitorId, online: false, page: null });

type Leave = () => void;

let prefixes = 0;
const newPrefix = () => `test${++prefixes}:`;

/** What one server process has of it, with an agent of the website who listens. */
async function startProcess(prefix: string) {
  const connection = connectRedis(redis.url, silent);
  const pubsub = createPubSub(connection, { missedForMs: 60_000, prefix, log: silent });
  onTestFinished(() => pubsub.close());
  await connection.tried;
  const bus = createBus(pubsub);
  const presence = createPresence(bus, pubsub);
  const events: unknown[] = [];
  bus.subscribe(`website:${website}`, ({ event, data }: AgentEvent) => {
    if (event !== "visitor.presence" && event !== "agent.presence") return;
    const { websiteId: _, ...told } = data;
    events.push(told);
  });
  return { pubsub, bus, presence, events };
}

async function startTwo() {
  const prefix = newPrefix();
  const two = [await startProcess(prefix), await startProcess(prefix)] as const;
  // An agent of another website, whom each sees at the other: they hold each other's whole.
  for (const [number, { presence }] of two.entries()) presence.joinAgent(99, `agent ${number}`, "online");
  await eventually(() => {
    for (const { presence } of two) {
      const both = [0, 1].map(number => presence.availabilityOf(99, `agent ${number}`));
      expect(both).toEqual(["online", "online"]);
    }
  });
  return two;
}

test("alone, a visitor comes once, moves on, and is gone some seconds after the last page is left", () => {
  vi.useFakeTimers();
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const events: unknown[] = [];
  bus.subscribe(`website:${website}`, event => void events.push(event.data));
  const leave = presence.joinVisitor(website, "ann", page);
  presence.movePage(website, "ann", page);
  leave();
  vi.advanceTimersByTime(4_000);
  const leaveNext = presence.joinVisitor(website, "ann", page);
  vi.advanceTimersByTime(10_000);
  expect([presence.isVisitorOnline(website, "ann"), presence.isVisitorOnline(2, "ann")]).toEqual([true, false]);
  leaveNext();
  vi.advanceTimersByTime(10_000);
  expect(presence.isVisitorOnline(website, "ann")).toBe(false);
  const told = { websiteId: website };
  expect(events).toEqual([...[come("ann"), come("ann"), come("ann")], go("ann")].map(event => ({ ...told, ...event })));
});

test("alone, an agent is there from the first socket to the last", () => {
  const presence = createPresence(createBus(null), null);
  const state = () => [presence.availabilityOf(website, "olga"), presence.hasAgents(website)];
  const [leave, leaveOther] = [1, 2].map(() => presence.joinAgent(website, "olga", "online")) as [Leave, Leave];
  leave();
  expect(state()).toEqual(["online", true]);
  leaveOther();
  expect(state()).toEqual(["offline", false]);
});

test("an agent is away when they are so by all of their sockets, and each change is told once", () => {
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const told: unknown[] = [];
  bus.subscribe(`website:${website}`, ({ data }) => "availability" in data && told.push(data.availability));
  const [laptop, phone] = [presence.joinAgent(website, "olga", "away"), presence.joinAgent(website, "olga", "online")];
  expect([presence.availabilityOf(website, "olga"), presence.hasAgents(website)]).toEqual(["online", true]);
  const turned = presence.joinAgent(website, "olga", "away");
  phone();
  expect([presence.availabilityOf(website, "olga"), presence.hasAgents(website)]).toEqual(["away", false]);
  for (const leave of [laptop, turned]) leave();
  expect(told).toEqual(["away", "online", "away", "offline"]);
});

test("visitors are told when the first agent comes and the last one turns away, not of a moment's absence", async () => {
  vi.useFakeTimers();
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const told: unknown[] = [];
  for (const id of ["ann", "bob"]) {
    presence.joinVisitor(website, id, page);
    bus.subscribe(
      `visitor:${website}:${id}`,
      ({ data }) => "agentsOnline" in data && told.push([id, data.agentsOnline]),
    );
  }
  let leave = presence.joinAgent(website, "olga", "online");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(told.splice(0)).toEqual([
    ["ann", true],
    ["bob", true],
  ]);
  leave();
  leave = presence.joinAgent(website, "olga", "online");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(told).toEqual([]);
  presence.joinAgent(website, "olga", "away");
  leave();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(told).toEqual([
    ["ann", false],
    ["bob", false],
  ]);
});

test("who comes, moves and goes at one process is seen at the other, and told to its agents", async () => {
  const [one, two] = await startTwo();
  const leave = one.presence.joinVisitor(website, "ann", page);
  const leaveAgent = one.presence.joinAgent(website, "olga", "online");
  await eventually(() => expect(two.presence.availabilityOf(website, "olga")).toBe("online"));
  expect([two.presence.isVisitorOnline(website, "ann"), two.presence.isVisitorOnline(2, "ann")]).toEqual([true, false]);
  expect([two.presence.hasAgents(website), two.presence.hasAgents(2)]).toEqual([true, false]);
  const cart = { url: "https://shop.example/cart", title: "Cart" };
  one.presence.movePage(website, "ann", cart);
  leave();
  leaveAgent();
  await eventually(() => expect(two.events).toHaveLength(5));
  expect(two.events).toEqual([
    come("ann"),
    { userId: "olga", availability: "online" },
    { ...come("ann"), page: cart },
    { userId: "olga", availability: "offline" },
    go("ann"),
  ]);
  expect(one.events).toEqual(two.events);
});

test("an agent who turns away at one process is away at the other, and their visitors are told at both", async () => {
  const [one, two] = await startTwo();
  const visitorHears: unknown[] = [];
  two.presence.joinVisitor(website, "ann", page);
  two.bus.subscribe(`visitor:${website}:ann`, ({ data }) => "agentsOnline" in data && visitorHears.push(data));
  const leave = one.presence.joinAgent(website, "olga", "online");
  await eventually(() => expect(visitorHears).toEqual([{ agentsOnline: true, conversation: null }]));
  one.presence.joinAgent(website, "olga", "away");
  leave();
  await eventually(() => expect(visitorHears.slice(1)).toEqual([{ agentsOnline: false, conversation: null }]));
  expect(two.events.slice(1)).toEqual(["online", "away"].map(availability => ({ userId: "olga", availability })));
  expect(two.presence.availabilityOf(website, "olga")).toBe("away");
});

test("whoever is served by a process that has just started is told who is there at the others", async () => {
  const prefix = newPrefix();
  const one = await startProcess(prefix);
  one.presence.joinAgent(website, "olga", "online");
  await one.presence.ready();
  const two = await startProcess(prefix);
  await two.presence.ready();
  expect(two.presence.hasAgents(website)).toBe(true);
});

test("a visitor with pages at two processes is gone when both are left, at both, once", async () => {
  const [one, two] = await startTwo();
  const leaves = [one, two].map(({ presence }) => presence.joinVisitor(website, "ann", page));
  await eventually(() => expect([one.events, two.events]).toEqual(Array(2).fill([come("ann"), come("ann")])));
  for (const leave of leaves) leave();
  await eventually(() => {
    for (const { events } of [one, two]) expect(events.slice(2)).toEqual([go("ann")]);
  });
  expect([one, two].map(({ presence }) => presence.isVisitorOnline(website, "ann"))).toEqual([false, false]);
});

test("a process that starts late knows of everybody, thousands too", async () => {
  const prefix = newPrefix();
  const one = await startProcess(prefix);
  for (let number = 0; number < 20_000; number++) {
    one.presence.joinVisitor(1 + (number % 100), `018f0000-0000-7000-8000-${String(number).padStart(12, "0")}`, page);
  }
  const two = await startProcess(prefix);
  await eventually(() => expect(two.presence.isVisitorOnline(100, "018f0000-0000-7000-8000-000000019999")).toBe(true));
  expect(two.presence.isVisitorOnline(1, "018f0000-0000-7000-8000-000000019999")).toBe(false);
  expect(two.events).toHaveLength(200);
});

test("the visitors of a process that dies without a word end some seconds later, and what it told last is in doubt", async () => {
  const [one, two] = await startTwo();
  one.presence.joinVisitor(website, "ann", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "ann")).toBe(true));
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + 60_000);
  expect(two.bus.mayHaveMissedEvents()).toBe(false);
  await one.pubsub.close();
  await eventually(() => expect(two.presence.isVisitorOnline(website, "ann")).toBe(false), 90_000);
  expect(two.events.at(-1)).toEqual(go("ann"));
  expect(two.presence.countPeers()).toBe(0);
  expect(two.bus.mayHaveMissedEvents()).toBe(true);
});

test("the visitors of a process that ends in order have time to come elsewhere, which nobody is told of", async () => {
  const [one, two] = await startTwo();
  one.presence.joinVisitor(website, "ann", page);
  one.presence.joinVisitor(website, "bob", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "bob")).toBe(true));
  one.presence.leave();
  await eventually(() => expect(two.presence.countPeers()).toBe(0));
  expect(two.presence.isVisitorOnline(website, "ann")).toBe(true);
  two.presence.joinVisitor(website, "ann", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "bob")).toBe(false));
  expect(two.events).toEqual([come("ann"), come("bob"), come("ann"), go("bob")]);
});

test("what happened while Redis was away is known when it is back", async () => {
  const [one, two] = await startTwo();
  const leave = one.presence.joinAgent(website, "olga", "online");
  await eventually(() => expect(two.presence.availabilityOf(website, "olga")).toBe("online"));
  await redis.kill();
  leave();
  one.presence.joinVisitor(website, "ann", page);
  expect(one.presence.isVisitorOnline(website, "ann")).toBe(true);
  await redis.start();
  await eventually(() => expect(two.presence.isVisitorOnline(website, "ann")).toBe(true));
  await eventually(() => expect(two.presence.availabilityOf(website, "olga")).toBe("offline"));
  expect(one.presence.isVisitorOnline(website, "ann")).toBe(true);
});

test("emptying Redis changes nothing", async () => {
  const [one, two] = await startTwo();
  one.presence.joinVisitor(website, "ann", page);
  await redis.ask(["FLUSHALL"]);
  two.presence.joinVisitor(website, "bob", page);
  await eventually(() => {
    for (const { presence } of [one, two]) {
      expect(["ann", "bob"].map(id => presence.isVisitorOnline(website, id))).toEqual([true, true]);
    }
  });
});
