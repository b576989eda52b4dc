import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { messagesOf } from "#client/store.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { visitorSync } from "#lab/actors/clients.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { childrenOf, isRunning } from "#lab/programs/processes.ts";
import { runCli } from "#lab/programs/programs.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import type { Inbox } from "#protocol/inbox.ts";

/** `prochat start --processes 2`: several processes on one port, and their clients when one ends. */

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** The server as a program, with an owner and a website; workers are its processes on the port. */
async function startTwo(): Promise<{ app: App; pid: number; workers: () => number[] }> {
  const app = await startApp({ redisUrl: redis.url, processes: 2, env: { LOG_LEVEL: "warn" } });
  onTestFinished(() => app.stop());
  const pid = app.program!.process.pid!;
  return { app, pid, workers: () => childrenOf(pid) };
}

const areRunning = (pids: number[]) => pids.map(isRunning);

test("a killed process loses no acknowledged message, its clients go offline or reconnect, and a new process replaces it", async () => {
  const { app, workers } = await startTwo();
  const { agent } = await app.scene();
  const visitors = await Promise.all(Array.from({ length: 6 }, () => app.visitor()));
  const chats = await Promise.all(
    visitors.map(async visitor => {
      const { conversation } = await visitor.send("First");
      const sync = visitorSync(app.url, visitor);
      await eventually(() => sync.open(conversation.id));
      return { sync, id: conversation.id };
    }),
  );
  const leaver = await app.visitor();
  const { conversation: left } = await leaver.send("I only look");
  const leaving = await leaver.socket();

  const before = workers();
  expect(before).toHaveLength(2);
  for (let round = 0; round < 12; round++) {
    for (const { sync, id } of chats) {
      sync.send({ conversationId: id, websiteId: null, kind: "text", body: `Round ${round}` });
    }
    if (round === 4) process.kill(before[0]!, "SIGKILL");
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const bodies = ["First", ...Array.from({ length: 12 }, (_, round) => `Round ${round}`)];
  await eventually(() => {
    for (const { sync, id } of chats) {
      expect(messagesOf(sync.getState(), id).map(({ body }) => body)).toEqual(bodies);
      expect(sync.getState().outbox).toEqual([]);
    }
  });
  const stored = "select body from messages where website_id = $1 and conversation_id = $2 order by seq";
  for (const { id } of chats) {
    const { rows } = await app.sql.query(stored, [app.website.id, id]);
    expect(rows.map(({ body }) => body)).toEqual(bodies);
  }

  await eventually(() => {
    const now = workers();
    expect(now).toHaveLength(2);
    expect(now).not.toContain(before[0]);
  });
  leaving.ws.terminate();
  await eventually(async () => {
    const { conversations } = (await agent.api("GET", `/websites/${app.website.id}/inbox?view=all`)) as Inbox;
    expect(conversations.find(({ id }) => id === left.id)?.visitor.online).toBe(false);
  });
  for (const { sync } of chats) sync.close();
});

test("visitors of a killed process who do not reconnect are offline at the other process", async () => {
  const { app, workers } = await startTwo();
  const { agent } = await app.scene();
  const visitors = await Promise.all(Array.from({ length: 4 }, () => app.visitor()));
  await Promise.all(visitors.map(visitor => visitor.send("Anybody?")));
  for (const visitor of visitors) await visitor.socket();
  const online = async () => {
    const { conversations } = (await agent.api("GET", `/websites/${app.website.id}/inbox?view=all`)) as Inbox;
    return conversations.filter(({ visitor }) => visitor.online).length;
  };
  await eventually(async () => expect(await online()).toBe(4));
  // Their sockets break with the process, and these visitors do not reconnect.
  for (const pid of workers()) {
    process.kill(pid, "SIGKILL");
    await eventually(() => expect(workers().filter(other => other !== pid)).toHaveLength(2));
    await eventually(online);
  }
  await eventually(async () => expect(await online()).toBe(0));
});

test("SIGTERM to a worker closes its sockets with 1012, and a new worker replaces it", async () => {
  const { app, workers } = await startTwo();
  const sockets = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const visitor = await app.visitor();
      return visitor.socket();
    }),
  );
  const [first = 0, second = 0] = workers();
  for (const pid of [first, second]) {
    process.kill(pid, "SIGTERM");
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await eventually(() => expect(workers()).toHaveLength(2));
    await eventually(async () => expect((await fetch(`${app.url}/ready`)).status).toBe(200));
  }
  for (const { closed } of sockets) expect(await closed).toMatchObject({ code: 1012 });
});

test("SIGTERM ends all processes", async () => {
  const { app, pid, workers } = await startTwo();
  const all = [pid, ...workers()];
  const visitor = await app.visitor();
  const socket = await visitor.socket();
  app.program!.process.kill("SIGTERM");
  expect(await socket.closed).toMatchObject({ code: 1012 });
  expect(await app.program!.ended).toMatchObject({ code: 0, stderr: "" });
  expect(areRunning(all)).toEqual([false, false, false]);
});

test("a second signal ends all processes at once, also a frozen one", async () => {
  const { app, pid, workers } = await startTwo();
  const [frozen = 0, other = 0] = workers();
  process.kill(frozen, "SIGSTOP");
  app.program!.process.kill("SIGTERM");
  await eventually(() => expect(isRunning(other)).toBe(false));
  app.program!.process.kill("SIGTERM");
  expect(await app.program!.ended).toMatchObject({ code: 1 });
  await eventually(() => expect(areRunning([pid, frozen, other])).toEqual([false, false, false]));
});

test("when the first process is killed, its workers end", async () => {
  const { app, workers } = await startTwo();
  const orphans = workers();
  app.program!.process.kill("SIGKILL");
  await app.program!.ended;
  await eventually(() => expect(areRunning(orphans)).toEqual([false, false]));
});

test("several processes without Redis, or on a port in use, fail with a message of one line", async () => {
  const env = { PORT: "0", DEMO_PORT: "off", DATA_DIR: makeFolder() };
  expect(await runCli(["start", "--processes", "2"], { env })).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^PROCESSES is "2", but 2 processes need a Redis[^\n]*\n$/),
  });
  expect(await runCli(["start", "--processes", "none"], { env })).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^PROCESSES is "none"[^\n]*\n$/),
  });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const taken = { ...env, PORT: String(port), REDIS_URL: redis.url };
  const { code, stdout, stderr } = await runCli(["start", "--processes", "2"], { env: taken });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken[^\\n]*\\n$`));
});

test("with the embedded PostgreSQL several processes start too, and stop without output", async () => {
  const app = await startApp({ redisUrl: redis.url, processes: 2, env: { DATABASE_URL: "" } });
  const all = childrenOf(app.program!.process.pid!);
  expect(all.length).toBeGreaterThanOrEqual(2);
  await app.stop();
  expect(areRunning(all)).toEqual(all.map(() => false));
  expect(await app.program!.ended).toMatchObject({ code: 0, stderr: "" });
});
