import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { eventually } from "#lab/eventually.ts";
import { scrape } from "#lab/programs/metrics.ts";
import { childrenOf } from "#lab/programs/processes.ts";
import { startRedis } from "#lab/programs/redis.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const page = { url: "https://shop.example/bikes", title: "Bikes" };

test("a scrape has connections, messages, frames and refusals", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const before = await scrape(app.url);
  const [agents, visitors] = await Promise.all([agent.socket(), visitor.socket()]);
  const guest = await app.visitor();
  const params = { as: "visitor", token: guest.session.token, page, language: "en" };
  await openPoller(app.url, guest.headers, { ref: 1, command: "hello", params });
  const said = { id: crypto.randomUUID(), conversationId, body: "Are you there?" };
  await visitors.command("message.send", said);
  await visitors.command("message.send", said);
  await agents.event("message.created");
  await agent.send(conversationId, "Over HTTP");
  await expect(visitors.command("message.send", { body: "" })).rejects.toMatchObject({ code: "invalid_frame" });
  await expect(visitors.command("made.up", {})).rejects.toMatchObject({ code: "invalid_frame" });

  const after = await scrape(app.url);
  const grew = (name: string, labels: Record<string, string>) => after.sum(name, labels) - before.sum(name, labels);
  expect(after.sum("prochat_connections", { transport: "socket", role: "agent" })).toBe(1);
  expect(after.sum("prochat_connections", { transport: "socket", role: "visitor" })).toBe(1);
  expect(after.sum("prochat_connections", { transport: "poll", role: "visitor" })).toBe(1);
  expect(grew("prochat_frames_received_total", { command: "hello" })).toBe(3);
  expect(grew("prochat_frames_received_total", { command: "message.send" })).toBe(3);
  expect(grew("prochat_frames_received_total", { command: "unknown" })).toBe(1);
  expect(grew("prochat_frames_refused_total", { command: "message.send", code: "invalid_frame" })).toBe(1);
  expect(grew("prochat_messages_total", { author: "visitor", outcome: "inserted" })).toBe(1);
  expect(grew("prochat_messages_total", { author: "visitor", outcome: "duplicate" })).toBe(1);
  expect(grew("prochat_messages_total", { author: "agent", outcome: "inserted" })).toBe(1);
  expect(grew("prochat_frames_sent_total", { event: "message.created" })).toBeGreaterThanOrEqual(4);
  expect(grew("prochat_batch_messages_sum", {})).toBe(3);
  expect(after.sum("prochat_batch_seconds_count")).toBe(after.sum("prochat_batch_messages_count"));
  expect(after.sum("prochat_sends_waiting")).toBe(0);
  const route = "/api/v1/websites/:websiteId/conversations/:conversationId/messages";
  expect(grew("prochat_http_request_seconds_count", { method: "POST", route, status: "200" })).toBe(1);
  expect(after.sum("prochat_database_connections", { pool: "queries" })).toBeGreaterThan(0);
  expect(after.sum("nodejs_heap_size_used_bytes")).toBeGreaterThan(0);
  expect(after.valuesOf("process")).toEqual(["1"]);
  await Promise.all([agents.close(), visitors.close()]);
  await eventually(async () => {
    const left = await scrape(app.url);
    expect(left.sum("prochat_connections", { transport: "socket" })).toBe(0);
  });
});

test("unknown addresses and commands add no label", async () => {
  const poller = (await scrape(app.url)).valuesOf("route");
  for (const path of ["/api/v1/made-up", "/wp-login.php", "/api/v1/poll/events?x=1"]) await fetch(app.url + path);
  const added = (await scrape(app.url)).valuesOf("route").filter(route => !poller.includes(route));
  expect(added.filter(route => /made-up|wp-login|x=1/.test(route))).toEqual([]);
});

/** Asks with a Host header of one's own choice. */
async function statusFor(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const [response] = (await once(get(`${url}/metrics`, { headers }), "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test("without a token only this machine may read, and no proxy or page that points its name here", async () => {
  expect(await statusFor(app.url, {})).toBe(200);
  expect(await statusFor(app.url, { "x-forwarded-for": "192.0.2.1" })).toBe(403);
  expect(await statusFor(app.url, { host: "chat.example.com" })).toBe(403);
  expect(await statusFor(app.url, { host: "localhost.example.com:8080" })).toBe(403);
  const behindProxy = await startApp({ env: { TRUST_PROXY: "1" } });
  onTestFinished(() => behindProxy.stop());
  expect(await statusFor(behindProxy.url, {})).toBe(403);
});

test("with a token only requests that carry it may read, from any machine", async () => {
  const token = "0123456789abcdef";
  const guarded = await startApp({ env: { METRICS_TOKEN: token, TRUST_PROXY: "1" } });
  onTestFinished(() => guarded.stop());
  expect(await statusFor(guarded.url, {})).toBe(401);
  expect(await statusFor(guarded.url, { authorization: `Bearer ${token}0` })).toBe(401);
  expect(await statusFor(guarded.url, { authorization: `Bearer ${token}`, host: "chat.example.com" })).toBe(200);
});

test("with two processes a scrape has the values of both, whichever answers", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const two = await startApp({ redisUrl: redis.url, processes: 2 });
  onTestFinished(() => two.stop());
  const visitors = await Promise.all(Array.from({ length: 6 }, () => two.visitor()));
  const sockets = await Promise.all(visitors.map(visitor => visitor.socket()));
  for (const visitor of visitors) await visitor.send("Hello");
  for (let round = 0; round < 4; round++) {
    const both = await scrape(two.url);
    expect(both.valuesOf("process")).toEqual(["1", "2", "primary"]);
    expect(both.sum("prochat_connections", { transport: "socket", role: "visitor" })).toBe(6);
    for (const process of ["1", "2"]) expect(both.sum("prochat_connections", { process })).toBeGreaterThan(0);
    expect(both.sum("prochat_messages_total", { author: "visitor" })).toBe(6);
    expect(both.sum("prochat_processes", { state: "answering" })).toBe(2);
    expect(both.sum("prochat_redis_up")).toBe(2);
    expect(both.sum("prochat_peers")).toBe(2);
    expect(both.sum("prochat_redis_messages_total", { direction: "dropped" })).toBe(0);
  }
  await Promise.all(sockets.map(socket => socket.close()));
});

test("a frozen process is left out, and the count of processes shows it", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const two = await startApp({ redisUrl: redis.url, processes: 2 });
  onTestFinished(() => two.stop());
  const [frozen = 0] = childrenOf(two.program!.process.pid!);
  process.kill(frozen, "SIGSTOP");
  await eventually(async () => {
    const left = await scrape(two.url);
    expect(left.valuesOf("process")).toHaveLength(2);
    expect(left.sum("prochat_processes", { state: "running" })).toBe(2);
    expect(left.sum("prochat_processes", { state: "answering" })).toBe(1);
  });
  process.kill(frozen, "SIGCONT");
});
