import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { agentSync, visitorSync } from "#lab/actors/clients.ts";
import { eventually } from "#lab/eventually.ts";
import { startTcpProxy, type TcpProxy } from "#lab/proxies/tcp-proxy.ts";

let app: App;
let wire: TcpProxy;
beforeAll(async () => {
  app = await startApp();
  wire = await startTcpProxy(app.url);
});
afterAll(async () => {
  await wire.close();
  await app.stop();
});

/** Number of messages of 30 KB: several times the memory that server and network keep for a slow reader. */
const senders = 6;
const messagesEach = 95;

test("a socket that never reads is terminated at a bound, others are not affected, and it is complete when it reads again", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [slow, quick] = [visitorSync(wire.url, visitor), agentSync(app.url, agent)];
  await eventually(() => Promise.all([slow.open(conversationId), quick.open(conversationId)]));
  await eventually(() => expect(slow.getStatus()).toBe("online"));
  const watching = await agent.socket();
  wire.stall(true);

  const agents = await Promise.all(Array.from({ length: senders }, () => app.agent()));
  const body = "€".repeat(10_000);
  await Promise.all(
    agents.map(async sender => {
      for (let i = 0; i < messagesEach; i++) await sender.send(conversationId, body);
    }),
  );
  const count = 1 + senders * messagesEach;
  await eventually(() => expect(messagesOf(quick.getState(), conversationId)).toHaveLength(count));
  // Still stalled: the server has terminated it.
  await watching.event("visitor.presence", ({ online }) => online === false);
  expect(messagesOf(slow.getState(), conversationId).length).toBeLessThan(count);

  wire.stall(false);
  await eventually(() => {
    const seqs = messagesOf(slow.getState(), conversationId).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });
  for (const sync of [slow, quick]) sync.close();
  await watching.close();
});
