import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationChanged } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { TrashPage } from "#protocol/trash.ts";
import { purgeTrash } from "./purge.ts";

let app: App;
let website: string;
let agent: AgentClient;
let stranger: AgentClient;

beforeAll(async () => {
  app = await startApp();
  website = `/websites/${app.website.id}`;
  agent = await app.agent();
  stranger = (await app.otherWebsite()).owner;
});
afterAll(() => app.stop());

const remove = (id: string, reason = "", as = app.owner) =>
  as.api<ConversationChanged>("DELETE", `${website}/conversations/${id}`, { reason });
const restore = (id: string, as = app.owner) =>
  as.api<ConversationChanged>("POST", `${website}/conversations/${id}/restore`, {});
const trash = (as = app.owner, cursor?: string) =>
  as.api<TrashPage>("GET", `${website}/trash${cursor ? `?cursor=${cursor}` : ""}`);
const inbox = () => app.owner.api<Inbox>("GET", `${website}/inbox`);
const entryOf = async (id: string) => (await trash()).entries.find(entry => entry.id === id);

async function inDatabase<Result>(run: (db: ReturnType<typeof connect>["db"]) => Promise<Result>): Promise<Result> {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  try {
    return await run(connection.db);
  } finally {
    await connection.close();
  }
}

/** Moves a deletion back in time. */
const deletedDaysAgo = (id: string, days: number) =>
  app.sql.query("update conversations set deleted_at = now() - make_interval(days => $2) where id = $1", [id, days]);

test("a deleted conversation is in no list, count or answer; brought back it is as before", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Please forget this");
  const before = await app.owner.api("GET", `${website}/conversations/${conversation.id}`);
  const messages = () => app.owner.api(`GET`, `${website}/conversations/${conversation.id}/messages`);
  const [counts, stored] = [(await inbox()).counts, await messages()];

  await remove(conversation.id, "Spam");
  expect((await inbox()).conversations.map(row => row.id)).not.toContain(conversation.id);
  expect((await inbox()).counts).toEqual({ ...counts, all: counts.all - 1, unassigned: counts.unassigned - 1 });
  for (const refused of [
    () => messages(),
    () => app.owner.api("GET", `${website}/conversations/${conversation.id}`),
    () => app.owner.send(conversation.id, "Hello?"),
    () => app.owner.act(conversation.id, "resolve"),
    () => remove(conversation.id),
    () => visitor.api("GET", `/widget/conversations/${conversation.id}/messages`),
  ]) {
    await expect(refused()).rejects.toMatchObject({ status: 404, code: "not_found" });
  }

  await restore(conversation.id);
  expect((await inbox()).counts).toEqual(counts);
  const after = await app.owner.api<ConversationChanged>("GET", `${website}/conversations/${conversation.id}`);
  const { version } = (before as ConversationChanged).conversation;
  expect(after).toEqual({ ...(before as object), conversation: expect.objectContaining({ deletedAt: null }) });
  expect({ ...after.conversation, version }).toEqual((before as ConversationChanged).conversation);
  expect(await messages()).toMatchObject({ messages: (stored as { messages: unknown[] }).messages });
});

test("every open screen gets it at once: of agents and the visitor, and none of another website", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Hello");
  const [agents, visitors, strangers] = [await agent.socket(), await visitor.socket(), await stranger.socket()];
  await remove(conversation.id);
  for (const socket of [agents, visitors]) {
    const { conversation: row } = await socket.event(
      "conversation.changed",
      data => (data.conversation as { deletedAt: string | null }).deletedAt !== null,
    );
    expect(row).toMatchObject({ id: conversation.id });
    expect(JSON.stringify(row)).not.toContain("Hello");
  }
  await restore(conversation.id);
  for (const socket of [agents, visitors]) {
    await socket.event(
      "conversation.changed",
      data => (data.conversation as { deletedAt: string | null }).deletedAt === null,
    );
  }
  expect(strangers.events.filter(({ event }) => event === "conversation.changed")).toEqual([]);
  for (const socket of [agents, visitors, strangers]) await socket.close();
});

test("the trash says who deleted what, when, why, and until when it can come back", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Buy now!");
  await remove(conversation.id, "  Spam  ");
  const entry = (await entryOf(conversation.id))!;
  expect(entry).toMatchObject({
    preview: "Buy now!",
    deletedBy: { id: app.owner.me.user.id, name: app.owner.me.user.name },
    reason: "Spam",
  });
  expect(Date.parse(entry.purgedAt) - Date.parse(entry.deletedAt)).toBe(limits.undoDays * 86_400_000);
  await restore(conversation.id);
  expect(await entryOf(conversation.id)).toBeUndefined();
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit`);
  expect(entries.slice(0, 2)).toMatchObject([
    { action: "conversation.restored", target: { id: conversation.id } },
    { action: "conversation.deleted", target: { id: conversation.id }, details: { reason: "Spam" } },
  ]);
});

test("the trash has pages, each entry once", async () => {
  const { otherWebsite } = app;
  const { owner, website: other } = await otherWebsite();
  const count = limits.pageSize + 3;
  const { rows } = await app.sql.query<{ id: string }>(
    `with v as (
       insert into visitors (website_id, id) values ($1, gen_random_uuid()) returning id
     )
     insert into conversations (website_id, id, visitor_id, deleted_at)
     select $1, gen_random_uuid(), v.id, date_trunc('second', now()) from v, generate_series(1, $2)
     returning id`,
    [other.id, count],
  );
  const path = `/websites/${other.id}/trash`;
  const first = await owner.api<TrashPage>("GET", path);
  const second = await owner.api<TrashPage>("GET", `${path}?cursor=${first.nextCursor}`);
  expect(second.nextCursor).toBeNull();
  const shown = [...first.entries, ...second.entries].map(entry => entry.id);
  expect(shown).toEqual(
    rows
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  await expect(owner.api("GET", `${path}?cursor=x`)).rejects.toMatchObject({ code: "invalid_cursor" });
});

test("a visitor who writes on begins another conversation; brought back, the deleted one is before it again", async () => {
  const visitor = await app.visitor();
  const first = (await visitor.send("First")).conversation;
  await remove(first.id);
  const second = (await visitor.send("Second", { conversationId: first.id })).conversation;
  expect(second.id).not.toBe(first.id);
  expect(second.continuesId).toBeNull();
  await restore(first.id);
  const shown = await app.owner.api<ConversationChanged>("GET", `${website}/conversations/${second.id}`);
  expect(shown.conversation.continuesId).toBe(first.id);
  await remove(first.id);
  const again = await app.owner.api<ConversationChanged>("GET", `${website}/conversations/${second.id}`);
  expect(again.conversation.continuesId).toBeNull();
});

test(`after ${limits.undoDays} days it cannot be brought back, and a job removes it for good`, async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Gone");
  const kept = (await (await app.visitor()).send("Kept")).conversation;
  await remove(conversation.id);
  await remove(kept.id);
  await deletedDaysAgo(conversation.id, limits.undoDays + 1);
  await deletedDaysAgo(kept.id, limits.undoDays - 1);
  await expect(restore(conversation.id)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining(`${limits.undoDays} days`),
  });
  expect(await entryOf(conversation.id)).toBeUndefined();
  expect(await inDatabase(purgeTrash)).toEqual({ conversations: 1, visitors: 0, messages: 0, websites: 0 });
  for (const table of ["conversations where id", "messages where conversation_id"]) {
    const { rows } = await app.sql.query(`select from ${table} = $1`, [conversation.id]);
    expect(rows).toEqual([]);
  }
  expect((await restore(kept.id)).conversation.id).toBe(kept.id);
  expect(await inDatabase(purgeTrash)).toEqual({ conversations: 0, visitors: 0, messages: 0, websites: 0 });
  await expect(restore(conversation.id)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining(`went for good on ${new Date().toISOString().slice(0, 10)}`),
  });
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit?action=conversation.purged`);
  expect(entries).toMatchObject([
    { target: { id: conversation.id }, details: { messages: 1 }, actor: { kind: "system" } },
  ]);
});

test("agents, strangers and visitors can neither delete, nor bring back, nor see the trash", async () => {
  const { conversation } = await (await app.visitor()).send("Mine");
  for (const [outsider, status] of [
    [agent, 403],
    [stranger, 404],
  ] as const) {
    await expect(remove(conversation.id, "", outsider)).rejects.toMatchObject({ status });
    await expect(restore(conversation.id, outsider)).rejects.toMatchObject({ status });
    await expect(trash(outsider)).rejects.toMatchObject({ status });
  }
});
