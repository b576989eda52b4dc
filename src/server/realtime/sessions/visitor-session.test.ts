import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type Connection, connect } from "#database/connect.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { createMetrics } from "#platform/metrics/metrics.ts";
import { createLimits } from "#platform/redis/rate-limits.ts";
import type { VisitorEvent } from "#protocol/socket.ts";
import type { Page } from "#protocol/visitors.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { insertWebsite } from "#server/features/websites/queries.ts";
import { createVisitorTokens, identityKeyOf, type VisitorSession } from "#server/identity/visitor-token.ts";
import { createBus } from "#server/realtime/bus.ts";
import { createPresence } from "#server/realtime/presence/presence.ts";
import { createCounter } from "./counter.ts";
import type { HelloResult } from "./session.ts";
import { createVisitorLookups } from "./visitor-lookups.ts";
import { openVisitorSession } from "./visitor-session.ts";

/** The number of queries that visitors cost, counted at the pool: each query takes a connection from it. */

const origin = "https://shop.example";
const page = { url: `${origin}/`, title: "Shop" };
const crowd = 300;

let database: TestDatabase;
let connection: Connection;
let ctx: Ctx;
let websiteId: number;
let queries = 0;
let mayHaveMissedEvents = true;
beforeAll(async () => {
  database = await cloneDatabase();
  connection = connect({ url: database.url, poolSize: 4, onError: () => undefined });
  connection.pool.on("acquire", () => queries++);
  const bus = { ...createBus(null), mayHaveMissedEvents: () => mayHaveMissedEvents };
  ctx = {
    directory: connection.db,
    database: () => connection,
    bus,
    presence: createPresence(bus, null),
    limits: createLimits(null),
    metrics: createMetrics("1"),
    visitorTokens: createVisitorTokens("secret"),
    demoUrl: null,
    log: { warn: expect.unreachable },
  } as unknown as Ctx;
  const website = { name: "Shop", allowedOrigins: [origin], publicKey: "key", identitySecret: "secret" };
  websiteId = await insertWebsite(connection.db, website);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

type Guest = HelloResult & { visitor: VisitorSession; events: VisitorEvent[] };

async function connected(visitor: VisitorSession, known: { hasWritten?: boolean; page?: Page } = {}): Promise<Guest> {
  const events: VisitorEvent[] = [];
  const send = (event: object) => void events.push(event as VisitorEvent);
  const outlet = { send, sendIfKeepingUp: send, end: expect.unreachable };
  const token = await ctx.visitorTokens.sign(visitor);
  const hello = { as: "visitor" as const, token, page, language: "en", ...known };
  return {
    ...(await openVisitorSession(ctx, { lookups, sockets }, outlet, hello, {
      headers: { origin },
      address: "192.0.2.1",
      network: "192.0.2.1",
    })),
    visitor,
    events,
  };
}

const sockets = createCounter(1_000, expect.unreachable);
let lookups: ReturnType<typeof createVisitorLookups>;
beforeAll(() => {
  lookups = createVisitorLookups(ctx);
});

const somebody = (externalId: string | null = null): VisitorSession => ({
  websiteId,
  visitorId: uuidv7(),
  externalId,
  name: null,
  email: null,
  ...(externalId && { identityKey: identityKeyOf("secret") }),
});

async function costOf(work: () => Promise<unknown>): Promise<number> {
  const before = queries;
  await work();
  return queries - before;
}

async function write({ session }: Guest, body: string): Promise<string> {
  const params = { id: newId(), conversationId: null, body };
  const sent = (await session.handle({ ref: 1, command: "message.send", params })) as {
    conversation: { id: string };
  };
  return sent.conversation.id;
}

test("visitors who have written nothing cost one query per website, and none while they stay", async () => {
  let guests: Guest[] = [];
  const cost = await costOf(async () => {
    guests = await Promise.all(Array.from({ length: crowd }, () => connected(somebody(), { hasWritten: false })));
  });
  expect(cost).toBeLessThanOrEqual(1);
  expect(guests[0]!.answer).toEqual({ agentsOnline: false, conversation: null });
  const staying = await costOf(async () => {
    for (const { session } of guests) await session.sendHeartbeat();
    const view = { ref: 1, command: "page.view", params: page };
    for (const { session } of guests) await session.handle(view);
  });
  expect(staying).toBe(0);
  expect(guests.map(({ events }) => events)).toEqual(
    guests.map(() => [{ event: "heartbeat", data: { agentsOnline: false, conversation: null } }]),
  );
});

test("visitors with conversations who reconnect at once share queries, at hello and at each heartbeat", async () => {
  const written = await Promise.all(Array.from({ length: 100 }, () => connected(somebody())));
  await Promise.all(written.map(guest => write(guest, "Hello")));
  let back: Guest[] = [];
  const cost = await costOf(async () => {
    back = await Promise.all(written.map(({ visitor }) => connected(visitor)));
  });
  // Lookups that arrive while a batch runs go with the next one: two queries for all these visitors, of each kind.
  expect(cost).toBeLessThanOrEqual(back.length / 2);
  for (const { answer } of back) expect(answer).toMatchObject({ conversation: { lastSeq: 1 } });

  await back[0]!.session.handle({ ref: 1, command: "page.view", params: page }); // after the pages that are being stored
  const beat = () => Promise.all(back.map(({ session }) => session.sendHeartbeat()));
  mayHaveMissedEvents = true;
  expect(await costOf(beat)).toBeLessThanOrEqual(2);
  for (const { events } of back) expect(events.at(-1)).toMatchObject({ data: { conversation: { lastSeq: 1 } } });
  mayHaveMissedEvents = false;
  expect(await costOf(beat)).toBe(0);
  for (const { events } of back) expect(events.at(-1)).toMatchObject({ data: { conversation: null } });
  mayHaveMissedEvents = true;
});

test("a visitor whose hello wrongly claims that they have not written gets the next event all the same", async () => {
  const writing = await connected(somebody());
  const id = await write(writing, "First");
  const mistaken = await connected(writing.visitor, { hasWritten: false });
  expect(mistaken.answer).toMatchObject({ conversation: null });
  await write(writing, "Second");
  expect(mistaken.events).toMatchObject([{ event: "message.created", data: { prev: 1, conversation: { id } } }]);
});

test("a logged-in visitor's second device gets the conversation of the first one with a heartbeat", async () => {
  const [phone, laptop] = [await connected(somebody("customer-7")), await connected(somebody("customer-7"))];
  const id = await write(phone, "From the phone");
  expect(laptop.events).toEqual([]);
  await laptop.session.sendHeartbeat();
  expect(laptop.events.at(-1)).toMatchObject({ event: "heartbeat", data: { conversation: { id } } });
  await write(phone, "And again");
  expect(laptop.events.at(-1)).toMatchObject({ event: "message.created", data: { prev: 1 } });
});

test("a logged-in visitor's row is looked up until it exists, and then no more", async () => {
  const guest = await connected(somebody("customer-8"));
  const conversationId = await write(guest, "The first message makes the row");
  const second = () =>
    guest.session.handle({ ref: 2, command: "message.send", params: { id: newId(), conversationId, body: "Second" } });
  // Its batch uses the pipelined connections, which are not counted.
  expect(await costOf(second)).toBe(0);
});

test("typing in the visitor's own conversation costs no query; in another one it is refused", async () => {
  const [one, other] = [await connected(somebody()), await connected(somebody())];
  const conversationId = await write(one, "Hello");
  const typing = { ref: 1, command: "conversation.typing", params: { conversationId, typing: true } };
  expect(await costOf(() => one.session.handle(typing))).toBe(0);
  await expect(other.session.handle(typing)).rejects.toMatchObject({ code: "not_found" });
});

test("a page whose title cannot be stored does not keep a visitor from writing", async () => {
  const odd = { url: `${origin}/\u0000`, title: "a\u0000b" };
  const guest = await connected(somebody(), { page: odd });
  const id = await write(guest, "Hello");
  const opened = guest.session.handle({ ref: 1, command: "page.view", params: odd });
  await expect(opened).rejects.toMatchObject({ code: "invalid_request", message: expect.stringMatching(/^url: /) });
  expect(await write(guest, "Still here")).toBe(id);
  const { page_url, page_title } = await connection.db
    .selectFrom("visitors")
    .select(["page_url", "page_title"])
    .where("website_id", "=", websiteId)
    .where("id", "=", guest.visitor.visitorId)
    .executeTakeFirstOrThrow();
  expect({ page_url, page_title }).toEqual({ page_url: `${origin}/`, page_title: "ab" });
});

test("the pages of a visitor's two tabs can be stored at the same moment", async () => {
  const guest = await connected(somebody());
  await write(guest, "Hello");
  const views = ["a", "b"].map(title => ({ ref: 1, command: "page.view", params: { url: page.url, title } }));
  const tabs = [guest, await connected(guest.visitor)];
  await Promise.all(tabs.map(({ session }, i) => session.handle(views[i]!)));
  const { page_title } = await connection.db
    .selectFrom("visitors")
    .select("page_title")
    .where("website_id", "=", websiteId)
    .where("id", "=", guest.visitor.visitorId)
    .executeTakeFirstOrThrow();
  expect(["a", "b"]).toContain(page_title);
});
