import { createServer } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWebhookReceiver, type WebhookReceiver } from "#lab/programs/receivers.ts";
import { findUrlProblem, postWebhook } from "./post.ts";
import { isPublicAddress } from "./public-addresses.ts";
import { newWebhookSecret, signWebhook } from "./sign.ts";

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(() => receiver.stop());

const post = (url: string, networks: "public" | "any" = "any") =>
  postWebhook({ url, headers: {}, body: "{}", networks });

test("the reference library of Standard Webhooks verifies what is signed, and refuses a changed body", async () => {
  const secret = newWebhookSecret();
  const body = JSON.stringify({ type: "alert.fired", data: { why: "ünïcode" } });
  await postWebhook({
    url: `${receiver.url}/hook`,
    headers: signWebhook(secret, { id: "msg_1", at: new Date(), body }),
    body,
    networks: "any",
  });
  const got = receiver.received.at(-1)!;
  const headers = got.headers as Record<string, string>;
  expect(new Webhook(secret).verify(got.body, headers)).toEqual(JSON.parse(body));
  expect(headers["webhook-id"]).toBe("msg_1");
  expect(() => new Webhook(secret).verify(got.body.replace("fired", "other"), headers)).toThrow();
});

test("an answer that is not 2xx is a failure, and a redirect is not followed", async () => {
  receiver.answerWith(500);
  await expect(post(`${receiver.url}/a`)).rejects.toThrow("It answered 500.");
  receiver.answerWith(302, { location: `${receiver.url}/secret` });
  await expect(post(`${receiver.url}/b`)).rejects.toThrow("redirect (302)");
  receiver.answerWith(204);
  expect(receiver.received.map(({ path }) => path)).not.toContain("/secret");
});

test("an answer without an end does not hold the sender", async () => {
  const server = createServer(socket => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = () => {
      while (socket.writable && socket.write(Buffer.alloc(64_000)));
    };
    socket.on("drain", more);
    more();
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await post(`http://127.0.0.1:${port}/`);
  server.close();
});

test.each([
  "10.1.2.3",
  "127.0.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "::1",
  "::ffff:127.0.0.1",
  "fd00::1",
  "fe80::1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
])("%s is no public address", address => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["1.1.1.1", "93.184.216.34", "2606:4700::1111"])("%s is a public address", address => {
  expect(isPublicAddress(address)).toBe(true);
});

test("without WEBHOOK_NETWORKS=any, private addresses are refused: as numbers in every spelling, and as names", async () => {
  const before = receiver.received.length;
  const { port } = new URL(receiver.url);
  for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]) {
    expect(findUrlProblem(`https://${host}:${port}/`, "public"), host).toContain("private network");
    await expect(post(`https://${host}:${port}/`, "public")).rejects.toThrow("private network");
  }
  expect(findUrlProblem(`https://localhost:${port}/`, "public")).toBeNull();
  await expect(post(`https://localhost:${port}/`, "public")).rejects.toThrow("private network");
  expect(findUrlProblem(`http://example.com/`, "public")).toContain("https:");
  expect(findUrlProblem("ftp://example.com/", "any")).not.toBeNull();
  expect(findUrlProblem("https://user:password@example.com/", "any")).not.toBeNull();
  expect(receiver.received).toHaveLength(before);
});
