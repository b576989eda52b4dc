import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createEmptyDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import type { Driver, RunningSystem } from "#lab/load/system-under-test.ts";
import { isRunning } from "#lab/programs/processes.ts";
import { connect, type openDriver } from "./driver.ts";
import type { Access, Person, ToClient } from "./events.ts";
import { reference } from "./system.ts";

let database: TestDatabase;
let running: RunningSystem;
let access: Access;
let client: pg.Client;
let driver: Driver;
beforeAll(async () => {
  database = await createEmptyDatabase();
  running = await reference.start({ databaseUrl: database.url, websites: 2 });
  access = running.access as Access;
  client = new pg.Client(database.url);
  await client.connect();
  const module: { openDriver: typeof openDriver } = await import(running.driverModule);
  driver = module.openDriver(access);
});
afterAll(async () => {
  await client.end();
  await running.stop();
  expect(running.pids().filter(isRunning)).toEqual([]);
  await database.drop();
});

async function openVisitor(website: number) {
  const received: string[] = [];
  const visitor = await driver.openVisitor({
    website,
    localAddress: "127.0.0.2",
    onMessage: body => received.push(body),
  });
  onTestFinished(visitor.close);
  return { ...visitor, received };
}

async function openAgent(website: number) {
  const received: [conversation: string, body: string][] = [];
  const onMessage = (conversation: string, body: string) => received.push([conversation, body]);
  const agent = await driver.openAgent({ website, localAddress: "127.0.0.3", onMessage });
  onTestFinished(agent.close);
  return { ...agent, received };
}

async function openRaw(role: Person["role"], websiteId: number, onMessage: ToClient["message"] = () => {}) {
  const socket = await connect(access, { role, id: randomUUID(), websiteId }, "127.0.0.4", onMessage);
  onTestFinished(() => void socket.close());
  return socket;
}

test("200 messages of a visitor and an agent reach the other once, in order, and are stored once", async () => {
  const [visitor, agent, stranger, other] = await Promise.all([
    openVisitor(0),
    openAgent(0),
    openAgent(1),
    openVisitor(0),
  ]);
  await visitor.send("hello");
  const [[conversation]] = await eventually(() => {
    expect(agent.received).toHaveLength(1);
    return agent.received as [[string, string]];
  });
  const bodies = ["hello"];
  for (let i = 1; i < 200; i++) {
    bodies.push(`message ${i}`);
    await (i % 2 ? agent.send(conversation, bodies[i]!) : visitor.send(bodies[i]!));
  }
  await eventually(() => expect(agent.received).toHaveLength(100));
  await eventually(() => expect(visitor.received).toHaveLength(100));
  expect(agent.received).toEqual(bodies.filter((_, i) => i % 2 === 0).map(body => [conversation, body]));
  expect(visitor.received).toEqual(bodies.filter((_, i) => i % 2 === 1));
  expect([stranger.received, other.received]).toEqual([[], []]);
  expect(await running.listStored(client)).toEqual([{ conversation, bodies }]);
});

test("agents receive the unread count until one of them reads", async () => {
  const counts: number[] = [];
  const [visitor, agent] = await Promise.all([
    openVisitor(1),
    openRaw("agent", 1, (_message, unread) => counts.push(unread)),
  ]);
  for (const body of ["one", "two"]) await visitor.send(body);
  await eventually(() => expect(counts).toEqual([1, 2]));
  const { rows } = await client.query("select id from conversations where website_id = 1");
  expect(await agent.emitWithAck("read", rows[0].id)).toEqual({ unread: 0 });
  await visitor.send("three");
  await eventually(() => expect(counts).toEqual([1, 2, 1]));
});

test("a forged token is refused, and so is a message to a conversation of others", async () => {
  const forged = connect(
    { ...access, secret: "guessed" },
    { role: "agent", id: randomUUID(), websiteId: 0 },
    "127.0.0.4",
    () => {},
  );
  await expect(forged).rejects.toThrow("unauthorized");

  const visitor = await openVisitor(0);
  await visitor.send("for website 0 only");
  const conversation = (await running.listStored(client)).find(
    ({ bodies }) => bodies[0] === "for website 0 only",
  )!.conversation;
  const stranger = await openAgent(1);
  await expect(stranger.send(conversation, "hello")).rejects.toThrow("no such conversation");
  await expect(visitor.send(" ")).rejects.toThrow("a message has content");
  const raw = await openRaw("visitor", 0);
  expect(await raw.emitWithAck("read", conversation)).toHaveProperty("error");
  expect(visitor.received).toEqual([]);
});
