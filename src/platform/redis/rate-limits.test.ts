import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { parseLimits } from "#platform/rate-limit-rules.ts";
import { AppError } from "#protocol/errors.ts";
import { connectRedis } from "./connection.ts";
import { createLimits, type Limits } from "./rate-limits.ts";

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

const wrong = () => Promise.reject(new AppError("wrong_credentials", "Wrong password."));
const right = () => Promise.resolve("signed in");
const guess = (limits: Limits, work: () => Promise<unknown>, who = "ann") => limits.guess([["signIn", who]], work);

async function guessWrong(limits: Limits, times: number, who?: string) {
  for (let i = 0; i < times; i++) {
    await expect(guess(limits, wrong, who)).rejects.toMatchObject({ code: "wrong_credentials" });
  }
}

test("the eleventh wrong password is refused, and the right one begins the count again", async () => {
  const limits = createLimits(null);
  await guessWrong(limits, 9);
  expect(await guess(limits, right)).toBe("signed in");
  await guessWrong(limits, 10);
  await expect(guess(limits, right)).rejects.toMatchObject(limited);
  await guessWrong(limits, 1, "bob");
});

test("many guesses at once are limited too, and what is no wrong guess does not count", async () => {
  const limits = createLimits(null);
  const busy = () => Promise.reject(new AppError("overloaded", "Later."));
  for (let i = 0; i < 30; i++) {
    await expect(guess(limits, busy)).rejects.toMatchObject({ code: "overloaded" });
    await limits.guess([["code", "ann"]], right);
  }
  const guesses = await Promise.allSettled(Array.from({ length: 30 }, () => guess(limits, wrong)));
  const codes = guesses.map(each => (each as PromiseRejectedResult).reason.code);
  expect(codes.filter(code => code === "wrong_credentials")).toHaveLength(10);
  expect(codes.filter(code => code === "rate_limited")).toHaveLength(20);
});

test("a guess that one limit refuses does not count for the others", async () => {
  const limits = createLimits(null, { signInFrom: { points: 1, duration: 60 } });
  const keys = [
    ["signIn", "ann"],
    ["signInFrom", "192.0.2.1"],
  ] as const;
  await expect(limits.guess(keys, wrong)).rejects.toMatchObject({ code: "wrong_credentials" });
  for (let i = 0; i < 20; i++) await expect(limits.guess(keys, wrong)).rejects.toMatchObject(limited);
  await guessWrong(limits, 9);
});

test("LIMITS changes the rules that it names", async () => {
  const limits = createLimits(null, parseLimits("visitorSend=2/60, agentSend=1/5"));
  for (let i = 0; i < 2; i++) await limits.take("visitorSend", "ann");
  await expect(limits.take("visitorSend", "ann")).rejects.toMatchObject(limited);
  for (const wrong of ["visitorsend=2/60", "visitorSend=2", "visitorSend=0/60", "visitorSend=-1/60", "nonsense"]) {
    expect(parseLimits(wrong)).toBeUndefined();
  }
});

test("tries of a password are counted over all processes, and the right one begins again for all", async () => {
  const [one, two, other] = await Promise.all([startProcess(), startProcess(), startProcess("other:")]);
  for (let tries = 0; tries < 5; tries++) {
    await guessWrong(one.limits, 1);
    await guessWrong(two.limits, 1);
  }
  for (const { limits } of [one, two]) await expect(guess(limits, right)).rejects.toMatchObject(limited);
  await guessWrong(other.limits, 1);
  await guessWrong(one.limits, 9, "bob");
  await guess(two.limits, right, "bob");
  await guessWrong(one.limits, 9, "bob");
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
  await guess(limits, right, "kim");
  await redis.start();
  await eventually(() => expect(connection.client()).not.toBeNull());
  await limits.take("signIn", "eve");
  expect(await redis.ask(["EXISTS", "test:limit:signIn:eve"])).toBe(1);
});
