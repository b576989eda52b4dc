import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { connectRedis } from "./connection.ts";
import { createLimits } from "./rate-limits.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

async function startProcess(prefix = "test:") {
  const connection = connectRedis(redis.url, silent);
  onTestFinished(() => connection.close());
  await connection.tried;
  return { limits: createLimits({ connection, prefix }), connection };
}

const limited = { code: "rate_limited", details: { retryAfterMs: expect.any(Number) } };

test("without Redis the eleventh try of a password is refused, and a success resets the count", async () => {
  const limits = createLimits(null);
  for (let tries = 0; tries < 10; tries++) await limits.take("signIn", "ann");
  await expect(limits.take("signIn", "ann")).rejects.toMatchObject(limited);
  await limits.take("signIn", "bob");
  await limits.reset("signIn", "ann");
  await limits.take("signIn", "ann");
});

test("tries of a password are counted over all processes, and reset for all", async () => {
  const [one, two, other] = await Promise.all([startProcess(), startProcess(), startProcess("other:")]);
  for (let tries = 0; tries < 5; tries++) {
    await one.limits.take("signIn", "ann");
    await two.limits.take("signIn", "ann");
  }
  for (const { limits } of [one, two]) await expect(limits.take("signIn", "ann")).rejects.toMatchObject(limited);
  await other.limits.take("signIn", "ann");
  await one.limits.reset("signIn", "ann");
  await two.limits.take("signIn", "ann");
});

test("each process counts messages alone, without a request to Redis", async () => {
  const { limits } = await startProcess();
  await redis.ask(["CONFIG", "RESETSTAT"]);
  for (let messages = 0; messages < 20; messages++) await limits.take("visitorSend", "ann");
  await expect(limits.take("visitorSend", "ann")).rejects.toMatchObject(limited);
  expect(await redis.ask(["INFO", "commandstats"])).not.toMatch(/eval/);
});

test("while Redis is frozen or down each process counts alone: no request waits, and tries stay limited", async () => {
  const { limits, connection } = await startProcess();
  redis.freeze();
  await limits.take("signIn", "eve");
  await eventually(() => expect(connection.client()).toBeNull());
  for (let tries = 1; tries < 10; tries++) await limits.take("signIn", "eve");
  await expect(limits.take("signIn", "eve")).rejects.toMatchObject(limited);
  redis.thaw();
  await redis.kill();
  await eventually(() => expect(connection.client()).toBeNull());
  await limits.take("signIn", "kim");
  await limits.reset("signIn", "kim");
  await redis.start();
  await eventually(() => expect(connection.client()).not.toBeNull());
  await limits.take("signIn", "eve");
  expect(await redis.ask(["EXISTS", "test:limit:signIn:eve"])).toBe(1);
});
