import { expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { startApp } from "#lab/actors/app.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { keepLog } from "#lab/programs/log.ts";
import { readConfig } from "#platform/config.ts";
import { createMetrics } from "#platform/metrics/metrics.ts";
import type { VisitorSent } from "#protocol/messages.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { createBus } from "#server/realtime/bus.ts";
import { type Connections, createConnections } from "./connections.ts";

test("a server that stops answers all commands, closes all connections for a reconnect, and accepts no more", async () => {
  const app = await startApp();
  const [visitor, idle] = [await app.visitor(), await app.visitor()];
  const [writing, waiting, agent] = [await visitor.socket(), await idle.socket(), await app.owner.socket()];
  const polling = await openPoller(app.url, app.owner.headers, { ref: 1, command: "hello", params: { as: "agent" } });
  const polled = (async () => {
    for (;;) await polling.events();
  })().catch(error => error);
  const bodies = Array.from({ length: 10 }, (_, i) => `In work ${i}`);
  const sends = bodies.map(body =>
    writing.command<VisitorSent>("message.send", { id: newId(), conversationId: null, body }),
  );
  const arrived = agent.event("message.created");
  await arrived; // the others have arrived too: they are behind it in the queue
  const stopped = app.stop();
  for (const socket of [writing, waiting, agent]) expect(await socket.closed).toMatchObject({ code: 1012 });
  expect((await Promise.all(sends)).map(({ message }) => message.body)).toEqual(bodies);
  expect(await polled).toBeDefined();
  await stopped;
});

type Fake = { closedAt: number | null; code: number | null; isTerminated: boolean };

function crowd(connections: Connections, size: number, staysAfterClose: (i: number) => boolean): Fake[] {
  return Array.from({ length: size }, (_, i) => {
    const fake: Fake = { closedAt: null, code: null, isTerminated: false };
    const connection = connections.open(
      {
        kind: "socket",
        isOpen: () => fake.code === null,
        isBehind: () => false,
        send: () => undefined,
        ping: () => undefined,
        terminate() {
          fake.isTerminated = true;
        },
        close(code) {
          fake.code ??= code;
          fake.closedAt ??= performance.now();
          if (!staysAfterClose(i)) connection.onClosed();
        },
      },
      { headers: {}, network: "192.0.2.1", address: "192.0.2.1" },
    );
    return fake;
  });
}

const ctx = {
  config: readConfig({}),
  log: keepLog().log,
  metrics: createMetrics("1"),
  bus: createBus(null),
} as unknown as Ctx;

test("connections are closed in slices, and one that does not close is terminated", async () => {
  const connections = createConnections(ctx);
  const fakes = crowd(connections, 1_200, i => i === 7);
  await connections.drain({ withinMs: 1_000 });
  expect(fakes.every(({ code }) => code === 1012)).toBe(true);
  expect(fakes.flatMap(({ isTerminated }, i) => (isTerminated ? i : []))).toEqual([7]);
  const moments = new Set(fakes.map(({ closedAt }) => Math.round(closedAt! / 50)));
  expect(moments.size).toBeGreaterThanOrEqual(3);
  expect(() => connections.enter("192.0.2.1")).toThrow(expect.objectContaining({ code: "unavailable" }));
  connections.stop();
});
