import fastify from "fastify";
import { expect, test } from "vitest";
import { readConfig } from "#platform/config.ts";
import { createLog } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { answerErrors } from "./errors.ts";

test("a refusal with a retry delay has it in the body and in the header", async () => {
  const app = fastify();
  answerErrors(app, createLog(readConfig({ LOG_LEVEL: "error" })));
  app.get("/", () => {
    throw new AppError("overloaded", "Too many wait.", { details: { retryAfterMs: 1_200 } });
  });
  const answer = await app.inject("/");
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("2");
  expect(answer.json()).toEqual({
    error: { code: "overloaded", message: "Too many wait.", details: { retryAfterMs: 1_200 } },
  });
  await app.close();
});
