import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import type { AgentPage, AgentSent, VisitorSent } from "#protocol/messages.ts";
import { commands } from "#server/features/features.ts";

/** An id in upper case is the same id, for every command and over every transport. */

let app: App;
let agent: AgentClient;
let visitor: VisitorClient;
let conversationId: string;
let websiteId: number;

beforeAll(async () => {
  app = await startApp();
  ({ agent, visitor, conversationId } = await app.scene());
  websiteId = app.website.id;
});
afterAll(() => app.stop());

const upper = (id: string) => id.toUpperCase();

type JsonSchema = {
  format?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};

/** Where a schema has ids, such as "conversationId" or "tagIds.items". */
function idsOf(schema: JsonSchema, path: string[] = []): string[][] {
  if (schema.format === "uuid") return [path];
  if (schema.items) return idsOf(schema.items, [...path, "items"]);
  if (schema.anyOf) return schema.anyOf.flatMap(each => idsOf(each, path));
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => idsOf(part, [...path, name]));
}

const ids = commands.flatMap(({ access, name, params }) =>
  idsOf(z.toJSONSchema(params, { io: "input", unrepresentable: "any" }) as JsonSchema).map(path => ({
    label: `${access} ${name}, ${path.join(".")}`,
    field: path[0]!,
    depth: path.length,
    params,
  })),
);

test("the ids of commands are found", () => {
  expect(ids.map(({ label }) => label)).toEqual(
    expect.arrayContaining([
      "visitor message.send, conversationId",
      "agent conversation.assign, assigneeId",
      "agent inbox.list, tag",
    ]),
  );
  expect(ids.filter(({ depth }) => depth > 1)).toEqual([]); // the next test reads fields of params only
});

test.each(ids)("$label: handled in lower case", ({ field, params }) => {
  const id = newId();
  const shape = params.pick({ [field]: true } as Record<string, true>);
  expect(shape.parse({ [field]: upper(id) })).toEqual({ [field]: id });
});

test("a visitor's socket", async () => {
  const socket = await visitor.socket();
  const target = { conversationId: upper(conversationId), id: upper(newId()) };
  const sent = await socket.command<VisitorSent>("message.send", { ...target, body: "One" });
  expect(sent).toMatchObject({
    message: { id: target.id.toLowerCase(), body: "One" },
    conversation: { id: conversationId },
  });
  const again = await socket.command("message.send", { conversationId, id: target.id.toLowerCase(), body: "One" });
  expect(again).toEqual(sent);
  await socket.command("message.edit", { ...target, body: "Two" });
  await socket.command("conversation.typing", { conversationId: upper(conversationId), typing: true });
  await socket.command("conversation.read", { conversationId: upper(conversationId), seq: sent.message.seq });
  const page = await socket.command("message.list", { conversationId: upper(conversationId) });
  expect(page).toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ body: "Two" })]) });
  await socket.command("message.delete", target);
  expect(socket.events.filter(({ event }) => event.startsWith("message."))).toEqual([]); // answers, and no events
  await socket.close();
});

test("an agent's socket", async () => {
  const socket = await agent.socket();
  const target = { websiteId, conversationId: upper(conversationId) };
  const id = upper(newId());
  const sent = await socket.command<AgentSent>("message.send", { ...target, id, body: "Hello" });
  expect(sent).toMatchObject({ message: { id: id.toLowerCase() }, conversation: { id: conversationId } });
  const typed = await visitor.socket();
  await socket.command("conversation.typing", { ...target, typing: true });
  expect(await typed.event("conversation.typing")).toMatchObject({ conversationId });
  await typed.close();
  const assigned = await socket.command("conversation.assign", { ...target, assigneeId: upper(agent.me.user.id) });
  expect(assigned).toMatchObject({ conversation: { id: conversationId, assignee: { id: agent.me.user.id } } });
  const resolved = await socket.command("conversation.resolve", target);
  expect(resolved).toMatchObject({ conversation: { id: conversationId, status: "resolved" } });
  await socket.command("conversation.reopen", target);
  await socket.command("conversation.read", { ...target, seq: sent.message.seq });
  expect(socket.events.filter(({ data }) => (data.message as { id?: string })?.id === id.toLowerCase())).toEqual([]);
  await socket.close();
});

test("a polled agent", async () => {
  const hello = { ref: 1, command: "hello", params: { as: "agent" } };
  const poller = await openPoller(app.url, { ...agent.headers, origin: app.url }, hello);
  const target = { websiteId, conversationId: upper(conversationId) };
  const id = upper(newId());
  const sent = await poller.command<AgentSent>("message.send", { ...target, id, body: "Polled" });
  expect(sent).toMatchObject({ message: { id: id.toLowerCase() }, conversation: { id: conversationId } });
});

test("addresses and bodies over HTTP", async () => {
  const sent = await visitor.send("Over HTTP", { id: upper(newId()), conversationId: upper(conversationId) });
  expect(sent.conversation.id).toBe(conversationId);
  await agent.send(upper(conversationId), "And back", { id: upper(newId()) });
  const path = `/websites/${websiteId}/conversations/${upper(conversationId)}`;
  const page = await agent.api<AgentPage>("GET", `${path}/messages`);
  expect(page.conversation.id).toBe(conversationId);

  const members = `/websites/${websiteId}/agents/${upper(agent.me.user.id)}`;
  await app.owner.api("PATCH", members, { role: "admin" });
  const invitations = `/websites/${websiteId}/invitations`;
  const { invitation } = await app.owner.api<{ invitation: { id: string } }>("POST", invitations, { role: "agent" });
  await app.owner.api("DELETE", `${invitations}/${upper(invitation.id)}`);
});

test("queries and cursors", async () => {
  const tag = await app.owner.api<{ id: string }>("POST", `/websites/${websiteId}/tags`, {
    name: "VIP",
    colour: "#3457d5",
  });
  const tagPath = `/websites/${websiteId}/conversations/${upper(conversationId)}/tags`;
  await agent.api("POST", tagPath, { tagId: upper(tag.id) });
  const other = await app.visitor();
  await other.send("Another conversation");
  const inbox = `/websites/${websiteId}/inbox?view=all`;
  const all = await agent.api<{ conversations: { id: string; lastMessageAt: string }[] }>("GET", inbox);
  const [first, second] = all.conversations;
  const cursor = `${first!.lastMessageAt}_${upper(first!.id)}`;
  const next = await agent.api<typeof all>("GET", `${inbox}&cursor=${encodeURIComponent(cursor)}`);
  expect(next.conversations.map(({ id }) => id)).toEqual([second!.id]);
  const tagged = await agent.api<typeof all>("GET", `${inbox}&tag=${upper(tag.id)}`);
  expect(tagged.conversations.map(({ id }) => id)).toEqual([conversationId]);

  const audit = `/websites/${websiteId}/audit?actorId=${upper(app.owner.me.user.id)}&limit=1`;
  const { nextCursor } = await app.owner.api<{ nextCursor: string }>("GET", audit);
  const entries = await app.owner.api("GET", `${audit}&cursor=${upper(nextCursor)}`);
  expect(entries).toEqual(await app.owner.api("GET", `${audit}&cursor=${nextCursor}`));
});
