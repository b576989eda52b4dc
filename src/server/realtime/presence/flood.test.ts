import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { openPoller } from "#lab/actors/polling.ts";

/** Visitors who do nothing but what everybody may do, as fast as they may. */

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const crowd = 20;
const long = "x".repeat(1_900);

test("a crowd that changes pages and types all the time does not cut off an agent who reads slowly", async () => {
  const { agent, conversationId } = await app.scene();
  // Beyond 128 K characters that the agent has not read, their polling session ends.
  const hello = { ref: 1, command: "hello", params: { as: "agent", protocol: 2 } };
  const slow = await openPoller(app.url, { ...agent.headers, origin: app.url }, hello);
  const visitors = await Promise.all(Array.from({ length: crowd }, () => app.visitor()));
  for (const visitor of visitors) {
    const { conversation } = await visitor.send("Hello");
    const socket = await visitor.socket();
    const commands = Array.from({ length: 40 }, (_, i) => [
      socket.command("page.view", { url: `https://shop.example/${i}?${long}`, title: "Bikes" }),
      socket.command("conversation.typing", { conversationId: conversation.id, typing: i % 2 === 0 }),
    ]).flat();
    await Promise.all(commands);
    await socket.close();
  }
  await agent.send(conversationId, "Still here");
  const events = await slow.events();
  expect(JSON.stringify(events)).toContain("Still here");
});
