import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { agentSync, visitorSync } from "#lab/actors/clients.ts";
import { eventually } from "#lab/eventually.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import type { Agent } from "#protocol/agents.ts";

/** Two servers on one database that exchange events by Redis, and their clients when Redis fails. */

let redis: TestRedis;
let app: App;
let second: string;
beforeAll(async () => {
  redis = await startRedis();
  app = await startApp({ redisUrl: redis.url });
  second = await app.secondServer();
  await eventually(async () => expect((await ready()).map(({ redis }) => redis.peers)).toEqual([1, 1]));
});
afterAll(async () => {
  await app.stop();
  await redis.stop();
});

type Ready = { status: string; degraded?: string; redis: { problem: string | null; peers: number; dropped: number } };

/** The answers of both servers to /ready. */
const ready = () =>
  Promise.all(
    [app.url, second].map(async url => {
      const answer = await fetch(`${url}/ready`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as Ready;
    }),
  );

const isWell = async () => {
  for (const { status, degraded, redis } of await ready()) {
    expect({ status, degraded, problem: redis.problem }).toEqual({ status: "ready", problem: null });
  }
};
const isDegraded = async () => {
  for (const answer of await ready()) {
    expect(answer).toMatchObject({ status: "ready", degraded: expect.stringContaining("Redis cannot be used") });
  }
};

test("messages, typing, presence and removals cross at once; strangers receive nothing", async () => {
  const { agent, visitor, conversationId, stranger } = await app.scene();
  const [agents, strangers] = [await agent.socket(second), await stranger.socket(second)];
  const other = await (await app.visitor()).socket();
  const visitors = await visitor.socket();
  await agents.event("visitor.presence", data => data.visitorId !== undefined && data.online === true);
  await visitor.send("Across", { conversationId });
  await agents.event("message.created", ({ message }) => (message as { body: string }).body === "Across");
  const params = { websiteId: app.website.id, conversationId };
  await agents.command("conversation.typing", { ...params, typing: true });
  await visitors.event("conversation.typing");
  await agents.command("message.send", { ...params, id: crypto.randomUUID(), kind: "text", body: "And back" });
  await visitors.event("message.created", ({ message }) => (message as { body: string }).body === "And back");
  await agents.command("message.send", { ...params, id: crypto.randomUUID(), kind: "note", body: "For us" });

  const inbox = await fetch(`${second}/api/v1/websites/${app.website.id}/inbox?view=all`, { headers: agent.headers });
  const { conversations } = (await inbox.json()) as { conversations: { id: string; visitor: { online: boolean } }[] };
  expect(conversations.find(({ id }) => id === conversationId)?.visitor.online).toBe(true);

  await app.owner.api("DELETE", `/websites/${app.website.id}/agents/${agent.me.user.id}`);
  expect(await agents.closed).toMatchObject({ code: 4401 });
  const received = [...strangers.events, ...other.events].map(({ event }) => event);
  expect(received.filter(event => event !== "heartbeat" && event !== "agent.presence")).toEqual([]);
  expect(JSON.stringify([...strangers.events, ...other.events, ...visitors.events])).not.toMatch(/For us/);
  for (const socket of [strangers, other, visitors]) await socket.close();
});

test("an agent who goes away at one server is away at the other, whose visitors see that no agent is online", async () => {
  const { agent, visitor } = await app.scene();
  const colleague = await app.agent();
  const visitors = await visitor.socket();
  const watching = await colleague.socket();
  await watching.command("agent.availability", { availability: "away" });
  const agents = await agent.socket(second);
  // The event comes only on a change: there is none if an agent of the previous test has just left.
  const seesAgents = (online: boolean) =>
    eventually(() => {
      const beat = visitors.events.findLast(({ event }) => event === "heartbeat");
      expect(beat?.data.agentsOnline).toBe(online);
    });
  await seesAgents(true);
  await agents.command("agent.availability", { availability: "away" });
  const userId = agent.me.user.id;
  await watching.event("agent.presence", data => data.userId === userId && data.availability === "away");
  await seesAgents(false);
  const { agents: listed } = await colleague.api<{ agents: Agent[] }>("GET", `/websites/${app.website.id}/agents`);
  expect(listed.find(({ id }) => id === userId)).toMatchObject({ availability: "away" });
  for (const socket of [watching, agents, visitors]) await socket.close();
});

test("without Redis chat works at each server and /ready reports it; missed messages come when Redis is back", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [theirs, ours] = [visitorSync(app.url, visitor), agentSync(second, agent)];
  await eventually(() => Promise.all([theirs.open(conversationId), ours.open(conversationId)]));
  await eventually(() => expect([theirs.getStatus(), ours.getStatus()]).toEqual(["online", "online"]));
  await redis.kill();
  await eventually(isDegraded);
  await visitor.send("Said without Redis", { conversationId });
  await eventually(() => expect(bodies(theirs)).toContain("Said without Redis"));
  await agent.signIn();
  await redis.start();
  await eventually(isWell);
  await eventually(() => {
    for (const sync of [theirs, ours]) expect(bodies(sync)).toEqual(["Hello, is anybody there?", "Said without Redis"]);
  });
  await eventually(async () => expect((await ready()).map(({ redis }) => redis.peers)).toEqual([1, 1]));
  const socket = await agent.socket(second);
  await visitor.send("With it again", { conversationId });
  await socket.event("message.created", ({ message }) => (message as { body: string }).body === "With it again");
  await socket.close();
  for (const sync of [theirs, ours]) sync.close();

  function bodies(sync: typeof theirs | typeof ours) {
    return messagesOf(sync.getState(), conversationId).map(({ body }) => body);
  }
});

test("a frozen Redis delays neither sign-in, hello, messages nor /ready", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  redis.freeze();
  await agent.signIn();
  const [visitors, agents] = [await visitor.socket(), await agent.socket()];
  await visitor.send("Is it cold here?", { conversationId });
  await agents.event("message.created", ({ message }) => (message as { body: string }).body === "Is it cold here?");
  const params = { websiteId: app.website.id, conversationId, id: crypto.randomUUID(), kind: "text", body: "A little" };
  await agents.command("message.send", params);
  await visitors.event("message.created");
  await eventually(isDegraded);
  redis.thaw();
  await eventually(isWell);
  const across = await agent.socket(second);
  await visitor.send("Warmer", { conversationId });
  await across.event("message.created", ({ message }) => (message as { body: string }).body === "Warmer");
  for (const socket of [visitors, agents, across]) await socket.close();
});

test("emptying Redis does no harm", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const agents = await agent.socket(second);
  const visitors = await visitor.socket();
  await redis.ask(["FLUSHALL"]);
  await redis.ask(["SCRIPT", "FLUSH"]);
  await visitor.send("Still here", { conversationId });
  await agents.event("message.created", ({ message }) => (message as { body: string }).body === "Still here");
  await agent.signIn();
  await isWell();
  for (const socket of [visitors, agents]) await socket.close();
});
