import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { TestSocket } from "#lab/actors/sockets.ts";

/** The events that agents get over their sockets, and how often. */

let app: App;
let colleague: AgentClient;
beforeAll(async () => {
  app = await startApp();
  colleague = await app.agent();
});
afterAll(() => app.stop());

/** The events with a conversation. */
const changesIn = (socket: TestSocket) =>
  socket.events.filter(({ data }) => "conversation" in data).map(({ event }) => event);
const countsIn = (socket: TestSocket) =>
  socket.events.filter(({ event }) => event === "inbox.counts").map(({ data }) => data.counts);

test.each(["resolve", "reopen"] as const)("%s reaches agents once, and the visitor", async verb => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Hello");
  if (verb === "reopen") await app.owner.act(conversation.id, "resolve");
  const [agents, theirs] = [await colleague.socket(), await visitor.socket()];
  await app.owner.act(conversation.id, verb);
  await theirs.event("conversation.changed");
  await agents.event("inbox.counts");
  expect(changesIn(agents)).toEqual(["message.created"]);
  for (const socket of [agents, theirs]) await socket.close();
});

test("a website's unread counts reach each agent with their own numbers, once for many changes", async () => {
  const visitors = await Promise.all(Array.from({ length: 20 }, () => app.visitor()));
  const [mine, theirs] = [await app.owner.socket(), await colleague.socket()];
  const before = (await app.owner.inbox()).counts;
  const sent = await Promise.all(visitors.map(visitor => visitor.send("Is anybody there?")));
  for (const { conversation } of sent.slice(0, 3)) {
    await app.owner.act(conversation.id, "assign", { assigneeId: app.owner.me.user.id });
  }
  const all = before.all + 20;
  const expected = { all, unassigned: before.unassigned + 17 };
  await mine.event("inbox.counts", ({ counts }) => (counts as { mine: number }).mine === before.mine + 3);
  await theirs.event("inbox.counts", ({ counts }) => (counts as typeof expected).unassigned === expected.unassigned);
  expect(countsIn(mine).at(-1)).toEqual({ ...expected, mine: before.mine + 3 });
  expect(countsIn(theirs).at(-1)).toEqual({ ...expected, mine: 0 });
  // 23 changes; each window of a second publishes once.
  expect(countsIn(mine).length).toBeLessThan(12);
  for (const socket of [mine, theirs]) await socket.close();
});

test("a stranger gets no counts of another website", async () => {
  const { owner: stranger } = await app.otherWebsite();
  const [theirs, ours] = [await stranger.socket(), await app.owner.socket()];
  await (await app.visitor()).send("Hello");
  await ours.event("inbox.counts");
  expect([changesIn(theirs), countsIn(theirs)]).toEqual([[], []]);
  for (const socket of [theirs, ours]) await socket.close();
});
