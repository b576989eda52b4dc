import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { ConversationChanged } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { Tag, Tags } from "#protocol/tags.ts";

let app: App;
let agent: AgentClient;
let visitor: VisitorClient;
let stranger: AgentClient;
let conversationId: string;
let refund: Tag;

const website = () => `/websites/${app.website.id}`;
const tagsOf = (id = conversationId) => `${website()}/conversations/${id}/tags`;

beforeAll(async () => {
  app = await startApp();
  ({ agent, visitor, stranger, conversationId } = await app.scene());
  refund = await agent.api<Tag>("POST", `${website()}/tags`, { name: "Refund", colour: "#3457d5" });
});
afterAll(() => app.stop());

const tagIdsOf = async (id = conversationId) =>
  (await agent.inbox()).conversations.find(conversation => conversation.id === id)!.tagIds;

test("a tag on a conversation shows in the inbox, and reaches agents but not the visitor", async () => {
  const sockets = [await app.owner.socket(), await visitor.socket()] as const;
  const { conversation } = await agent.api<ConversationChanged>("POST", tagsOf(), { tagId: refund.id });
  expect(conversation.tagIds).toEqual([refund.id]);
  expect(await tagIdsOf()).toEqual([refund.id]);
  const event = await sockets[0].event("conversation.changed");
  expect(event).toMatchObject({ conversation: { id: conversationId, tagIds: [refund.id] } });
  const { conversation: theirs } = await visitor.send("Anything new?");
  expect(theirs).not.toHaveProperty("tagIds");
  for (const socket of sockets) await socket.close();
});

test("putting a tag on twice, and taking it off twice, changes nothing more", async () => {
  for (const _ of [1, 2]) await agent.api("POST", tagsOf(), { tagId: refund.id });
  expect(await tagIdsOf()).toEqual([refund.id]);
  for (const _ of [1, 2]) await agent.api("DELETE", `${tagsOf()}/${refund.id}`);
  expect(await tagIdsOf()).toEqual([]);
});

test("the inbox of a tag holds its conversations, in the order and in the views of the inbox", async () => {
  const other = await app.visitor();
  const { conversation } = await other.send("A second conversation");
  const { conversation: third } = await (await app.visitor()).send("A third one, without a tag");
  for (const id of [conversationId, conversation.id]) await agent.api("POST", tagsOf(id), { tagId: refund.id });
  const listed = async (view: string) =>
    (await agent.api<Inbox>("GET", `${website()}/inbox?view=${view}&tag=${refund.id}`)).conversations.map(
      row => row.id,
    );
  expect(await listed("all")).toEqual([conversation.id, conversationId]);
  await visitor.send("The first one again");
  expect(await listed("all")).toEqual([conversationId, conversation.id]);
  await agent.act(conversation.id, "resolve");
  expect(await listed("all")).toEqual([conversationId]);
  expect(await listed("resolved")).toEqual([conversation.id]);
  expect((await agent.inbox()).conversations.map(row => row.id)).toContain(third.id);
});

test("every change of the tags reaches every agent", async () => {
  const socket = await app.owner.socket();
  const tagsPublished = (...tags: Tag[]) =>
    socket.event("tags.changed", data => JSON.stringify(data.tags) === JSON.stringify(tags));
  const tag = await agent.api<Tag>("POST", `${website()}/tags`, { name: "VIP", colour: "#00aa00" });
  await tagsPublished(refund, tag);
  await app.owner.api("PATCH", `${website()}/tags/${tag.id}`, { name: "Important", colour: "#aa0000" });
  await tagsPublished({ ...tag, name: "Important", colour: "#aa0000" }, refund);
  await app.owner.api("DELETE", `${website()}/tags/${tag.id}`);
  await tagsPublished(refund);
  expect(await agent.api<Tags>("GET", `${website()}/tags`)).toEqual({ tags: [refund] });
  await socket.close();
});

test("a deleted tag is off every conversation, and cannot be put on one", async () => {
  const tag = await agent.api<Tag>("POST", `${website()}/tags`, { name: "Short-lived", colour: "#123456" });
  await agent.api("POST", tagsOf(), { tagId: tag.id });
  await app.owner.api("DELETE", `${website()}/tags/${tag.id}`);
  const { rows } = await app.sql.query("select from conversation_tags where tag_id = $1", [tag.id]);
  expect(rows).toEqual([]);
  await expect(agent.api("POST", tagsOf(), { tagId: tag.id })).rejects.toMatchObject({ code: "not_found" });
  // The row forgets it with the next change of its tags; until then screens show known tags only.
  await agent.api("POST", tagsOf(), { tagId: refund.id });
  expect(await tagIdsOf()).not.toContain(tag.id);
});

test("two tags of a website never have the same name, whatever the capitals", async () => {
  const same = { name: "REFUND", colour: "#000000" };
  await expect(agent.api("POST", `${website()}/tags`, same)).rejects.toMatchObject({ code: "conflict" });
  const other = await agent.api<Tag>("POST", `${website()}/tags`, { name: "Invoice", colour: "#000000" });
  const rename = app.owner.api("PATCH", `${website()}/tags/${other.id}`, { name: "refund" });
  await expect(rename).rejects.toMatchObject({ code: "conflict" });
});

test("agents make tags; only admins and owners change or delete them", async () => {
  await expect(agent.api("DELETE", `${website()}/tags/${refund.id}`)).rejects.toMatchObject({ code: "forbidden" });
  const rename = agent.api("PATCH", `${website()}/tags/${refund.id}`, { name: "Mine" });
  await expect(rename).rejects.toMatchObject({ code: "forbidden" });
});

test("another website's tag does not exist here", async () => {
  const theirs = `/websites/${stranger.me.websites[0]!.id}`;
  const tag = await stranger.api<Tag>("POST", `${theirs}/tags`, { name: "Theirs", colour: "#000000" });
  await expect(agent.api("POST", tagsOf(), { tagId: tag.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(app.owner.api("DELETE", `${website()}/tags/${tag.id}`)).rejects.toMatchObject({ code: "not_found" });
});
