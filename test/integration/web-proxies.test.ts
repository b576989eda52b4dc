import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { eventually } from "#lab/eventually.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { startWebProxy, webProxies } from "#lab/programs/web-proxies.ts";
import { findFreePort } from "#server/http/listener.ts";

let redis: TestRedis;
const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
beforeAll(async () => {
  redis = await startRedis();
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // the proxies' certificates are signed by themselves
});
afterAll(async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  await redis.stop();
});

/** A server behind a proxy that has two in its list; the second one, at `secondPort`, is down. */
async function startBehind(kind: (typeof webProxies)[number]): Promise<{ app: App; secondPort: number }> {
  const [port, secondPort] = await Promise.all([1, 2].map(() => findFreePort({ host: "127.0.0.1" })));
  const proxy = await startWebProxy(kind, [port!, secondPort!]);
  onTestFinished(() => proxy.stop());
  const reachable = () =>
    eventually(async () => {
      const { status } = await fetch(`${proxy.url}/ready`);
      if (status !== 200) throw new Error(`${kind} answers ${status}`);
    });
  const env = { PORT: String(port), PUBLIC_URL: proxy.url, TRUST_PROXY: "1" };
  const app = await startApp({ redisUrl: redis.url, env, reachable });
  onTestFinished(() => app.stop());
  return { app, secondPort: secondPort! };
}

test.each(webProxies)("%s: people chat over sockets through it, on two servers", async kind => {
  const { app, secondPort } = await startBehind(kind);
  await app.secondServer({ port: secondPort });
  const visitor = await app.visitor();
  const agent = await app.agent();
  const { conversation } = await visitor.send("Hello");
  const [theirs, ours] = [await visitor.socket(), await agent.socket()];
  for (const body of ["One 🙂", "Two", "x".repeat(10_000)]) {
    await agent.send(conversation.id, body);
    const { message } = await theirs.event("message.created", data => (data.message as { body: string }).body === body);
    expect(message).toMatchObject({ body });
  }
  await theirs.command("message.send", { id: crypto.randomUUID(), conversationId: conversation.id, body: "Thanks" });
  await ours.event("message.created", data => (data.message as { body: string }).body === "Thanks");
  for (const socket of [theirs, ours]) await socket.close();
});

test.each(webProxies)(
  "%s: a server that is down is not noticed, and a header cannot name another client",
  async kind => {
    const { app } = await startBehind(kind);
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const response = await fetch(`${app.url}/api/v1/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: app.url, "x-forwarded-for": `198.51.100.${i}` },
        body: JSON.stringify({ email: app.owner.account.email, password: "wrong password" }),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const { rows } = await app.sql.query("select distinct ip from audit_log where action = 'account.sign_in_failed'");
    expect(rows).toEqual([{ ip: "127.0.0.0/24" }]);
  },
);
