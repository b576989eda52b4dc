import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { eventually } from "#lab/eventually.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import type { Message } from "#protocol/messages.ts";

/** Polling sessions whose requests reach another process than the one that has the session. */

let redis: TestRedis;
let app: App;
let second: string;
beforeAll(async () => {
  redis = await startRedis();
  app = await startApp({ redisUrl: redis.url });
  second = await app.secondServer();
});
afterAll(async () => {
  await app.stop();
  await redis.stop();
});

const page = { url: "https://shop.example/bikes", title: "Bikes" };
const pollAs = (visitor: VisitorClient) => {
  const params = { as: "visitor", token: visitor.session.token, page, language: "en" };
  return openPoller(app.url, visitor.headers, { ref: 1, command: "hello", params });
};

async function ask(visitor: VisitorClient, what: string, body: unknown, signal?: AbortSignal) {
  const headers = { ...visitor.headers, "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body), signal: signal ?? null };
  const answer = await fetch(`${second}/api/v1/poll/${what}`, init);
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
}
const frame = (command: string, params: unknown) => ({ ref: 2, command, params });

/** Waits for a message with that body among the events of a session. */
async function waitForMessage(visitor: VisitorClient, line: string, body: string) {
  for (;;) {
    const answer = await ask(visitor, "events", { line });
    const { events } = answer.body as { events: { data: { message?: Message } }[] };
    const message = events.map(({ data }) => data.message).find(message => message?.body === body);
    if (message) return message;
  }
}

test("commands, events and refusals of a session work at every process", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const { line } = await pollAs(visitor);
  const params = { id: newId(), conversationId, body: "To the other process" };
  const sent = await ask(visitor, "send", { line, frame: frame("message.send", params) });
  expect(sent).toMatchObject({ status: 200, body: { result: { message: { id: params.id, seq: 2 } } } });

  const received = waitForMessage(visitor, line, "I can see it");
  const answered = await agent.send(conversationId, "I can see it");
  expect(await received).toEqual(answered.message);

  const typing = frame("conversation.typing", { conversationId, typing: true });
  expect(await ask(visitor, "send", { line, frame: typing })).toEqual({ status: 200, body: { result: null } });

  const empty = { id: newId(), conversationId, body: "" };
  expect(await ask(visitor, "send", { line, frame: frame("message.send", empty) })).toMatchObject({
    status: 400,
    body: { error: { code: "invalid_frame" } },
  });
});

test("events after an abandoned request wait for the next one", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const { line } = await pollAs(visitor);
  const given = new AbortController();
  const abandoned = ask(visitor, "events", { line }, given.signal).catch(() => "given up");
  // The first event shows that the request waits at the session's process.
  const socket = await agent.socket(second);
  await socket.command("conversation.typing", { websiteId: app.website.id, conversationId, typing: true });
  await socket.close();
  await abandoned;
  const again = ask(visitor, "events", { line }, given.signal).catch(() => "given up");
  given.abort();
  expect(await again).toBe("given up");
  await agent.send(conversationId, "Second");
  expect(await waitForMessage(visitor, line, "Second")).toMatchObject({ seq: 2 });
});

test("a session that has ended, or whose process is unknown, has ended at every process", async () => {
  const { visitor } = await app.scene();
  const { line } = await pollAs(visitor);
  const close = await fetch(`${second}/api/v1/poll/close`, { method: "POST", headers: visitor.headers, body: line });
  expect(close.status).toBeLessThan(300);
  const ended = { status: 410, body: { error: { code: "line_gone" } } };
  expect(await ask(visitor, "events", { line })).toMatchObject(ended);
  expect(await ask(visitor, "events", { line: "nobody12.secret" })).toMatchObject(ended);
  expect(await ask(visitor, "events", { line: "nonsense\n" })).toMatchObject(ended);
});

test("without Redis a session works at its own process only, and others answer so at once", async () => {
  const { visitor } = await app.scene();
  const { line } = await pollAs(visitor);
  await redis.kill();
  await eventually(async () => {
    const answer = (await (await fetch(`${second}/ready`)).json()) as { degraded?: string };
    expect(answer.degraded).toContain("Redis");
  });
  expect(await ask(visitor, "events", { line })).toMatchObject({ status: 410, body: { error: { code: "line_gone" } } });
  await redis.start();
});
