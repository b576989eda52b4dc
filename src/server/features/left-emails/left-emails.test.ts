import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { VisitorClient } from "#lab/actors/people.ts";
import type { ConversationShown, VisitorConversation } from "#protocol/conversations.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const leave = (visitor: VisitorClient, email: string) => visitor.api("POST", "/widget/email", { email });

async function show({ id }: Pick<VisitorConversation, "id">) {
  const path = `/websites/${app.website.id}/conversations/${id}`;
  return (await app.owner.api<ConversationShown>("GET", path)).visitor;
}

test("an address that a visitor leaves reaches agents' screens at once, and is marked as not proven", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Is the blue one in stock?");
  expect(conversation.hasEmail).toBe(false);
  const [agent, theirs] = [await app.owner.socket(), await visitor.socket()];
  await leave(visitor, " Ada@Shop.Example ".trim());
  expect(await agent.event("conversation.changed")).toMatchObject({
    conversation: { id: conversation.id, visitor: { email: "ada@shop.example" } },
  });
  expect(await theirs.event("conversation.changed")).toMatchObject({
    conversation: { id: conversation.id, hasEmail: true, version: conversation.version + 1 },
  });
  expect(await show(conversation)).toMatchObject({ email: "ada@shop.example", emailLeftAt: expect.any(String) });

  await leave(visitor, "ada@elsewhere.example");
  await visitor.send("One more thing");
  expect(await show(conversation)).toMatchObject({
    email: "ada@elsewhere.example",
    emailLeftAt: expect.any(String),
  });
  for (const socket of [agent, theirs]) await socket.close();
});

test("what an admin has corrected is no longer the visitor's own word, and is not replaced by it", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Hello");
  await leave(visitor, "ada@shop.example");
  const { id } = await show(conversation);
  await app.owner.api("PATCH", `/websites/${app.website.id}/visitors/${id}`, { name: "Ada" });
  expect(await show(conversation)).toMatchObject({ name: "Ada", emailLeftAt: expect.any(String) });
  await app.owner.api("PATCH", `/websites/${app.website.id}/visitors/${id}`, { email: "ada@right.example" });
  expect(await show(conversation)).toMatchObject({ email: "ada@right.example", emailLeftAt: null });
  await expect(leave(visitor, "ada@wrong.example")).rejects.toMatchObject({ status: 409 });
});

test("before the first message, and for a deleted visitor, there is nobody to leave it for", async () => {
  const visitor = await app.visitor();
  await expect(leave(visitor, "ada@shop.example")).rejects.toMatchObject({ status: 404 });
  const { conversation } = await visitor.send("Hello");
  const { id } = await show(conversation);
  await app.owner.api("DELETE", `/websites/${app.website.id}/visitors/${id}`, { reason: "" });
  await expect(leave(visitor, "ada@shop.example")).rejects.toMatchObject({ status: 404 });
});

test.each([
  "",
  "ada",
  "ada@",
  "@shop.example",
  `${"a".repeat(250)}@shop.example`,
  "ada@shop.example\r\nBcc: x@y.example",
])("%j is refused as an address", async email => {
  const visitor = await app.visitor();
  await visitor.send("Hello");
  await expect(leave(visitor, email)).rejects.toMatchObject({ status: 400 });
});
