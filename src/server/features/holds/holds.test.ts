import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type Connection, connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { HoldList } from "#protocol/holds.ts";
import { limits } from "#protocol/limits.ts";
import { purgeTrash } from "#server/features/trash/purge.ts";

let app: App;
let connection: Connection;
let website: string;
beforeAll(async () => {
  app = await startApp();
  website = `/websites/${app.website.id}`;
  connection = connect({ url: app.databaseUrl, poolSize: 2, onError: () => undefined });
});
afterAll(async () => {
  await connection.close();
  await app.stop();
});

type Target = { targetKind: "conversation" | "visitor"; targetId: string };
const place = (target: Target, by: AgentClient = app.owner) =>
  by.api("POST", `${website}/holds`, { ...target, reason: "Case 12/2026" });
const lift = (targetId: string, by: AgentClient = app.owner) =>
  by.api("DELETE", `${website}/holds`, { targetId, reason: "The case is closed" });
const list = async (by: AgentClient = app.owner) => (await by.api<HoldList>("GET", `${website}/holds`)).holds;

/** A conversation whose time in the trash is over. */
async function expired() {
  const { conversation } = await (await app.visitor()).send("Evidence");
  await app.owner.api("DELETE", `${website}/conversations/${conversation.id}`, {});
  const days = limits.undoDays + 1;
  await app.sql.query("update conversations set deleted_at = now() - make_interval(days => $2) where id = $1", [
    conversation.id,
    days,
  ]);
  const { rows } = await app.sql.query("select visitor_id from conversations where id = $1", [conversation.id]);
  return { conversationId: conversation.id, visitorId: rows[0].visitor_id as string };
}

test("the trash keeps what a hold names, and deletes the rest", async () => {
  const [byConversation, byVisitor, free] = [await expired(), await expired(), await expired()];
  await place({ targetKind: "conversation", targetId: byConversation.conversationId });
  await place({ targetKind: "visitor", targetId: byVisitor.visitorId });
  expect((await purgeTrash(connection.db)).conversations).toBe(1);
  const { rows } = await app.sql.query("select id from conversations where id = any($1) order by id", [
    [byConversation, byVisitor, free].map(({ conversationId }) => conversationId),
  ]);
  expect(rows.map(({ id }) => id)).toEqual([byConversation.conversationId, byVisitor.conversationId]);
  await lift(byConversation.conversationId);
  await lift(byVisitor.visitorId);
  expect((await purgeTrash(connection.db)).conversations).toBe(2);
});

test("a hold that is being placed is waited for", async () => {
  const { conversationId } = await expired();
  const other = await app.sql.connect();
  await other.query(`begin; select from conversations where id = $$${conversationId}$$ for update`);
  await other.query(
    "insert into holds (website_id, target_id, target_kind, reason) values ($1, $2, 'conversation', 'A case')",
    [app.website.id, conversationId],
  );
  const purged = purgeTrash(connection.db);
  const waits = "select from pg_locks where not granted";
  while ((await app.sql.query(waits)).rowCount === 0);
  await other.query("commit");
  other.release();
  expect((await purged).conversations).toBe(0);
  await lift(conversationId);
});

test("holds are listed with the agent and the reason, and recorded when they begin and end", async () => {
  const { conversation } = await (await app.visitor()).send("Hello");
  const target = { targetKind: "conversation", targetId: conversation.id } as const;
  await place(target);
  await expect(place(target)).rejects.toMatchObject({ status: 409 });
  const { user } = app.owner.me;
  expect(await list(await app.agent())).toMatchObject([
    { ...target, reason: "Case 12/2026", placedBy: { id: user.id, name: user.name } },
  ]);
  await lift(conversation.id);
  await expect(lift(conversation.id)).rejects.toMatchObject({ status: 404 });
  expect(await list()).toEqual([]);
  const last = async (action: string) =>
    (await app.owner.api<AuditPage>("GET", `${website}/audit?action=${action}`)).entries[0];
  const shown = { target: { id: conversation.id }, actor: { name: user.name } };
  expect(await last("hold.placed")).toMatchObject({ ...shown, details: { reason: "Case 12/2026" } });
  expect(await last("hold.lifted")).toMatchObject({ ...shown, details: { reason: "The case is closed" } });
});

test("agents and strangers can neither place nor lift a hold, and a reason is needed", async () => {
  const { agent, stranger, conversationId } = await app.scene();
  const target = { targetKind: "conversation", targetId: conversationId } as const;
  await expect(place(target, agent)).rejects.toMatchObject({ status: 403 });
  await expect(place(target, stranger)).rejects.toMatchObject({ status: 404 });
  await expect(list(stranger)).rejects.toMatchObject({ status: 404 });
  await place(target);
  await expect(lift(conversationId, agent)).rejects.toMatchObject({ status: 403 });
  await lift(conversationId);
  await expect(place({ ...target, targetId: newId() })).rejects.toMatchObject({ status: 404 });
  await expect(app.owner.api("POST", `${website}/holds`, { ...target, reason: " " })).rejects.toMatchObject({
    message: expect.stringContaining("is empty"),
  });
});

test("retention of 0 days, and archiving after the deletion, are refused with the reason", async () => {
  const change = (settings: object) => app.owner.api("PATCH", website, { settings });
  for (const setting of ["archiveAfterDays", "deleteAfterDays"])
    await expect(change({ [setting]: 0 })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(new RegExp(`${setting}.*less than 30 days, for which a conversation takes`)),
    });
  await expect(change({ deleteAfterDays: 60 })).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/archived after 90 days, but are deleted after 60 days/),
  });
  await change({ archiveAfterDays: 40, deleteAfterDays: 60 });
  await expect(change({ archiveAfterDays: 61 })).rejects.toMatchObject({ status: 400 });
});
