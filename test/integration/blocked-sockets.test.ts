import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { agentSync, visitorSync } from "#lab/actors/clients.ts";
import { eventually } from "#lab/eventually.ts";
import { type BlockingProxy, startBlockingProxy } from "#lab/proxies/blocking-proxy.ts";

/** The clients of widget and dashboard in a network that blocks sockets but not requests. */

let app: App;
let proxy: BlockingProxy;
beforeAll(async () => {
  app = await startApp();
  proxy = await startBlockingProxy(app.url);
});
afterAll(async () => {
  await proxy.close();
  await app.stop();
});

test("both sides chat, see each other type, and end with the committed messages, though connections break", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [theirs, ours] = [visitorSync(proxy.url, visitor), agentSync(proxy.url, agent)];
  await eventually(() => expect([theirs.getStatus(), ours.getStatus()]).toEqual(["online", "online"]));
  expect(proxy.refused()).toBeGreaterThanOrEqual(4);
  await Promise.all([theirs.open(conversationId), ours.open(conversationId)]);

  theirs.setTyping(conversationId, true);
  await eventually(() => expect(ours.getState().typing[conversationId]).toMatchObject({ author: "visitor" }));

  const target = { conversationId, websiteId: app.website.id, kind: "text" as const };
  const sent = ["Hello, is anybody there?"];
  for (let round = 0; round < 10; round++) {
    for (const [sync, who] of [
      [theirs, "visitor"],
      [ours, "agent"],
    ] as const) {
      sent.push(`${who} ${round}`);
      sync.send({ ...target, body: `${who} ${round}` });
    }
    if (round % 3 === 2) proxy.closeConnections();
    await sleep(Math.random() * 200);
  }
  await eventually(async () => {
    const { rows } = await app.sql.query("select body from messages where conversation_id = $1 order by seq", [
      conversationId,
    ]);
    const stored = rows.map(({ body }) => body);
    expect([...stored].sort()).toEqual([...sent].sort());
    for (const sync of [theirs, ours]) {
      expect(messagesOf(sync.getState(), conversationId).map(({ body }) => body)).toEqual(stored);
      expect(sync.getState().outbox).toEqual([]);
    }
  });
  for (const who of ["visitor", "agent"]) {
    const bodies = messagesOf(ours.getState(), conversationId).flatMap(({ body }) =>
      body.startsWith(who) ? body : [],
    );
    expect(bodies).toEqual(Array.from({ length: 10 }, (_, round) => `${who} ${round}`));
  }
  theirs.close();
  ours.close();
});

test("a client that polls is online for others, and offline when it closes", async () => {
  const { agent, visitor } = await app.scene();
  const watching = await agent.socket();
  const theirs = visitorSync(proxy.url, visitor);
  const { visitorId } = await watching.event("visitor.presence", ({ online }) => online === true);
  await eventually(() => expect(theirs.getStatus()).toBe("online"));
  theirs.close();
  const gone = { event: "visitor.presence", data: expect.objectContaining({ visitorId, online: false }) };
  await eventually(() => expect(watching.events).toContainEqual(gone));
  await watching.close();
});
