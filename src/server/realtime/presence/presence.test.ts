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
const come = (visitorId: string) => ({ visitorId, online: true, page: null });
const moved = (visitorId: string, to = page) => ({ visitorId, online: true, page: to });
const go = (visitorId: string) => ({ visitorId, online: false, page: null });

type Leave = () => void;

let prefixes = 0;
const newPrefix = () => `test${++prefixes}:`;

/** The presence of one server process, and the events that an agent of the website gets there. */
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
    const { websiteId: _, ...published } = data;
    events.push(published);
  });
  return { pubsub, bus, presence, events };
}

async function startTwo() {
  const prefix = newPrefix();
  const two = [await startProcess(prefix), await startProcess(prefix)] as const;
  // Each process sees an agent of another website at the other one: then each has the other's snapshot.
  for (const [number, { presence }] of two.entries()) presence.joinAgent(99, `agent ${number}`, "online");
  await eventually(() => {
    for (const { presence } of two) {
      const both = [0, 1].map(number => presence.availabilityOf(99, `agent ${number}`));
      expect(both).toEqual(["online", "online"]);
    }
  });
  return two;
}

test("in one process, a visitor joins once, and leaves some seconds after the last page closed", () => {
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
  expect(events).toEqual([come("ann"), go("ann")].map(event => ({ websiteId: website, ...event })));
});

test("pages reach those who watch the visitor: the last of many within a second, and none after the visitor has left", () => {
  vi.useFakeTimers();
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const pages: unknown[] = [];
  const stop = bus.subscribe(
    `watched:${website}:ann`,
    ({ data }) => "page" in data && pages.push([data.visitorId, data.page?.title]),
  );
  const leave = presence.joinVisitor(website, "ann", page);
  for (let i = 0; i < 100; i++) {
    presence.movePage(website, "ann", { ...page, title: `Page ${i}` });
    presence.movePage(website, "bob", page);
    presence.movePage(2, "ann", page);
  }
  vi.advanceTimersByTime(1_000);
  expect(pages.splice(0)).toEqual([["ann", "Page 99"]]);
  presence.movePage(website, "ann", page);
  vi.advanceTimersByTime(1_000);
  expect(pages.splice(0)).toEqual([["ann", "Bikes"]]);
  leave();
  vi.advanceTimersByTime(4_500);
  presence.movePage(website, "ann", page);
  vi.advanceTimersByTime(10_000);
  expect(pages).toEqual([]);
  stop();
});

test("in one process, an agent is online from the first socket to the last", () => {
  const presence = createPresence(createBus(null), null);
  const state = () => [presence.availabilityOf(website, "olga"), presence.hasAgents(website)];
  const [leave, leaveOther] = [1, 2].map(() => presence.joinAgent(website, "olga", "online")) as [Leave, Leave];
  leave();
  expect(state()).toEqual(["online", true]);
  leaveOther();
  expect(state()).toEqual(["offline", false]);
});

test("an agent is away when all of their sockets are, and each change is published once", () => {
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const published: unknown[] = [];
  bus.subscribe(`website:${website}`, ({ data }) => "availability" in data && published.push(data.availability));
  const [laptop, phone] = [presence.joinAgent(website, "olga", "away"), presence.joinAgent(website, "olga", "online")];
  expect([presence.availabilityOf(website, "olga"), presence.hasAgents(website)]).toEqual(["online", true]);
  const turned = presence.joinAgent(website, "olga", "away");
  phone();
  expect([presence.availabilityOf(website, "olga"), presence.hasAgents(website)]).toEqual(["away", false]);
  for (const leave of [laptop, turned]) leave();
  expect(published).toEqual(["away", "online", "away", "offline"]);
});

test("visitors are notified when the first agent joins and the last one goes away, not of a short absence", async () => {
  vi.useFakeTimers();
  const bus = createBus(null);
  const presence = createPresence(bus, null);
  const published: unknown[] = [];
  function joinVisitor(id: string) {
    presence.joinVisitor(website, id, page);
    bus.subscribe(
      `visitor:${website}:${id}`,
      ({ data }) => "agentsOnline" in data && published.push([id, data.agentsOnline]),
    );
  }
  for (const id of ["ann", "bob"]) joinVisitor(id);
  let leave = presence.joinAgent(website, "olga", "online");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(published.splice(0)).toEqual([
    ["ann", true],
    ["bob", true],
  ]);
  leave();
  leave = presence.joinAgent(website, "olga", "online");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(published).toEqual([]);
  leave();
  // Who comes during the absence reads that no agent is online, and must learn of the end of it.
  joinVisitor("cleo");
  leave = presence.joinAgent(website, "olga", "online");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(published.splice(0)).toEqual([["cleo", true]]);
  presence.joinAgent(website, "olga", "away");
  leave();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(published).toEqual([
    ["ann", false],
    ["bob", false],
    ["cleo", false],
  ]);
});

test("joins, pages and leaves at one process are seen at the other, and reach its agents", async () => {
  const [one, two] = await startTwo();
  const pages: unknown[] = [];
  two.bus.subscribe(`watched:${website}:ann`, ({ data }: AgentEvent) => {
    const { websiteId: _, ...published } = data as { websiteId: number };
    pages.push(published);
  });
  const leave = one.presence.joinVisitor(website, "ann", page);
  const leaveAgent = one.presence.joinAgent(website, "olga", "online");
  await eventually(() => expect(two.presence.availabilityOf(website, "olga")).toBe("online"));
  expect([two.presence.isVisitorOnline(website, "ann"), two.presence.isVisitorOnline(2, "ann")]).toEqual([true, false]);
  expect([two.presence.hasAgents(website), two.presence.hasAgents(2)]).toEqual([true, false]);
  const cart = { url: "https://shop.example/cart", title: "Cart" };
  one.presence.movePage(website, "ann", cart);
  await eventually(() => expect(pages).toEqual([moved("ann", cart)]));
  leave();
  leaveAgent();
  await eventually(() => expect(two.events).toHaveLength(4));
  expect(two.events).toEqual([
    come("ann"),
    { userId: "olga", availability: "online" },
    { userId: "olga", availability: "offline" },
    go("ann"),
  ]);
  expect(one.events).toEqual(two.events);
});

test("an agent who goes away at one process is away at the other, and visitors at both are notified", async () => {
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

test("a process that has just started knows who is connected to the others", async () => {
  const prefix = newPrefix();
  const one = await startProcess(prefix);
  one.presence.joinAgent(website, "olga", "online");
  await one.presence.ready();
  const two = await startProcess(prefix);
  await two.presence.ready();
  expect(two.presence.hasAgents(website)).toBe(true);
});

test("a visitor with pages at two processes goes offline once, at both, after both pages closed", async () => {
  const [one, two] = await startTwo();
  const leaves = [one, two].map(({ presence }) => presence.joinVisitor(website, "ann", page));
  await eventually(() => expect([one.events, two.events]).toEqual(Array(2).fill([come("ann")])));
  for (const leave of leaves) leave();
  await eventually(() => {
    for (const { events } of [one, two]) expect(events.slice(1)).toEqual([go("ann")]);
  });
  expect([one, two].map(({ presence }) => presence.isVisitorOnline(website, "ann"))).toEqual([false, false]);
});

test("a process that starts late knows all people, also thousands", async () => {
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

test("the visitors of a killed process go offline some seconds later, and its last events count as possibly missed", async () => {
  const [one, two] = await startTwo();
  one.presence.joinVisitor(website, "ann", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "ann")).toBe(true));
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + 60_000);
  expect(two.bus.mayHaveMissedEvents()).toBe(false);
  await one.pubsub.close();
  await eventually(() => expect(two.presence.isVisitorOnline(website, "ann")).toBe(false));
  expect(two.events.at(-1)).toEqual(go("ann"));
  expect(two.presence.countPeers()).toBe(0);
  expect(two.bus.mayHaveMissedEvents()).toBe(true);
});

test("the visitors of a process that stops have time to reconnect to another one, without any event", async () => {
  const [one, two] = await startTwo();
  one.presence.joinVisitor(website, "ann", page);
  one.presence.joinVisitor(website, "bob", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "bob")).toBe(true));
  one.presence.leave();
  await eventually(() => expect(two.presence.countPeers()).toBe(0));
  expect(two.presence.isVisitorOnline(website, "ann")).toBe(true);
  two.presence.joinVisitor(website, "ann", page);
  await eventually(() => expect(two.presence.isVisitorOnline(website, "bob")).toBe(false));
  expect(two.events).toEqual([come("ann"), come("bob"), go("bob")]);
});

test("changes while Redis was down are known when it is back", async () => {
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
