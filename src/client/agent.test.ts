import { expect, test } from "vitest";
import type { ErrorBody } from "#protocol/errors.ts";
import { ask } from "./agent.ts";
import { isRefusal } from "./api.ts";

const overHttp = async () => "by HTTP";
const socketThat = (outcome: Promise<unknown>) => ({ request: () => outcome as Promise<never> });
const resolve = (outcome: Promise<unknown>) => ask(socketThat(outcome), "conversation.resolve", {}, overHttp);

test("an agent's request goes over the socket, and over HTTP if the socket is not online or breaks", async () => {
  expect(await resolve(Promise.resolve("by socket"))).toBe("by socket");
  expect(await resolve(Promise.reject(null))).toBe("by HTTP");
});

test("a refusal over the socket is what it would be over HTTP: screens choose their words by its status", async () => {
  for (const [code, status] of [
    ["not_found", 404],
    ["invalid_frame", 400],
    ["unavailable", 503],
  ] as const) {
    const error: ErrorBody = { code, message: "no" };
    const refusal = await resolve(Promise.reject(error)).catch(thrown => thrown);
    expect(refusal).toEqual({ code, message: "no", status });
    expect(isRefusal(refusal)).toBe(true);
  }
});
