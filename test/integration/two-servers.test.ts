import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { agentSync, visitorSync } from "#lab/actors/clients.ts";
import { createEmptyDatabase } from "#lab/clusters/databases.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { readConfig } from "#platform/config.ts";
import { startServer } from "#server/main.ts";

/** Two servers on one database without pub/sub between them: heartbeats repair what clients miss. */

let app: App;
let second: string;
beforeAll(async () => {
  app = await startApp();
  second = await app.secondServer();
});
afterAll(() => app.stop());

test.concurrent("a message sent through one server reaches readers at the other by the next heartbeat", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const [ours, theirs] = [agentSync(second, agent), visitorSync(second, visitor)];
  await eventually(() => Promise.all([ours.open(conversationId), theirs.open(conversationId)]));
  await eventually(() => expect([ours.getStatus(), theirs.getStatus()]).toEqual(["online", "online"]));
  await visitor.send("Through the first server", { conversationId });
  await agent.send(conversationId, "So is this");
  await eventually(() => {
    for (const sync of [ours, theirs]) {
      const bodies = messagesOf(sync.getState(), conversationId).map(({ body }) => body);
      expect(bodies).toEqual(["Hello, is anybody there?", "Through the first server", "So is this"]);
    }
  });
  ours.close();
  theirs.close();
});

test.concurrent("an agent removed through one server can do nothing on the other; the socket there ends by the next heartbeat", async () => {
  const { agent, conversationId } = await app.scene();
  const socket = await agent.socket(second);
  await app.owner.api("DELETE", `/websites/${app.website.id}/agents/${agent.me.user.id}`);
  const params = {
    websiteId: app.website.id,
    conversationId,
    id: crypto.randomUUID(),
    kind: "text",
    body: "Still here",
  };
  await expect(socket.command("message.send", params)).rejects.toMatchObject({ code: "not_found" });
  expect(await socket.closed).toMatchObject({ code: 4401 });
});

test("servers that start at once on an empty database all become ready", async () => {
  const database = await createEmptyDatabase();
  const start = () =>
    startServer(readConfig({ PORT: "0", DEMO_PORT: "off", DATA_DIR: makeFolder(), DATABASE_URL: database.url }));
  const servers = await Promise.all([start(), start(), start()]);
  for (const { url } of servers) {
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ status: "ready" });
    expect(await (await fetch(`${url}/api/v1/setup`)).json()).toEqual({ needed: true });
  }
  for (const server of servers) await server.stop();
  await database.drop();
});

test("with the same SECRET, servers that share only a database know each other's agents and visitors", async () => {
  const env = { SECRET: randomBytes(32).toString("hex") };
  const one = await startApp({ env });
  const other = await startServer(
    readConfig({ ...env, PORT: "0", DEMO_PORT: "off", DATA_DIR: makeFolder(), DATABASE_URL: one.databaseUrl }),
  );
  const visitor = await one.visitor();
  const { conversation } = await visitor.send("Hello");
  const [theirs, ours] = [await visitor.socket(other.url), await one.owner.socket(other.url)];
  expect(await theirs.command("conversation.read", { conversationId: conversation.id, seq: 1 })).toBeDefined();
  for (const socket of [theirs, ours]) await socket.close();
  await other.stop();
  await one.stop();
});
