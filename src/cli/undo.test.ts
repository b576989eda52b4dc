import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { AgentPage, Message } from "#protocol/messages.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const undo = (...args: string[]) =>
  runCli(["undo", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() } });

test("what was deleted is listed, and comes back by its id", async () => {
  const { conversation } = await (await app.visitor()).send("Please forget this");
  const path = `/websites/${app.website.id}/conversations/${conversation.id}`;
  await app.owner.api("DELETE", path, { reason: "Spam" });

  const listed = await undo();
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(
    new RegExp(`^\\d{4}-.* conversation {2}${conversation.id} {2}until .* Olga Owner {2}Spam\n$`),
  );
  expect(JSON.parse((await undo("--json")).stdout)).toMatchObject({
    websiteId: app.website.id,
    kind: "conversation",
    id: conversation.id,
    reason: "Spam",
  });

  const back = await undo(conversation.id.toUpperCase());
  expect([back.code, back.stdout]).toEqual([0, expect.stringContaining("The conversation is back.")]);
  expect((await undo()).stdout).toBe("Nothing was deleted in the last 30 days.\n");
  await app.owner.api("GET", path);
  const { entries } = await app.owner.api<AuditPage>(
    "GET",
    `/websites/${app.website.id}/audit?action=conversation.restored`,
  );
  expect(entries).toMatchObject([{ target: { id: conversation.id }, actor: { kind: "system" } }]);

  const again = await undo(conversation.id);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("not in the trash")]);
});

test("a visitor comes back with all of theirs; one who went for good does not, and it says when", async () => {
  const { conversation } = await (await app.visitor()).send("Hello");
  const { rows } = await app.sql.query("select visitor_id as id from conversations where id = $1", [conversation.id]);
  const visitorId = rows[0].id;
  const path = `/websites/${app.website.id}`;
  await app.owner.api("DELETE", `${path}/visitors/${visitorId}`, { reason: "" });
  expect((await undo()).stdout).toMatch(new RegExp(`visitor {7}${visitorId} {2}until`));
  expect(await undo(visitorId)).toMatchObject({ code: 0, stdout: "The visitor is back.\n" });
  await app.owner.api("GET", `${path}/conversations/${conversation.id}`);

  await app.owner.api("DELETE", `${path}/visitors/${visitorId}`, { reason: "" });
  await app.sql.query("update visitors set deleted_at = now() - interval '31 days' where id = $1", [visitorId]);
  expect(await undo(visitorId)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/This visitor went for good on \d{4}-\d\d-\d\d, 30 days after its deletion/),
  });
});

test("a message comes back by its id", async () => {
  const { conversation } = await (await app.visitor()).send("Hello");
  const { message } = await app.owner.send(conversation.id, "Wrong");
  const path = `/websites/${app.website.id}/conversations/${conversation.id}/messages`;
  await app.owner.api("DELETE", `${path}/${message.id}`);
  expect((await undo()).stdout).toMatch(new RegExp(`message {7}${message.id} {2}until .* Olga Owner`));
  expect(await undo(message.id)).toMatchObject({ code: 0, stdout: "The message is back.\n" });
  expect((await app.owner.api<AgentPage>("GET", path)).messages.at(-1)).toMatchObject({ body: "Wrong" });
});

test("open screens show at once what comes back: a conversation, a visitor, a message", async () => {
  const visitor = await app.visitor();
  const { conversation } = await visitor.send("Hello");
  const { message } = await app.owner.send(conversation.id, "Wrong");
  const path = `/websites/${app.website.id}`;
  const shown = await app.owner.api<ConversationShown>("GET", `${path}/conversations/${conversation.id}`);
  const sockets = [await app.owner.socket(), await visitor.socket()];
  const isBack = (data: Record<string, unknown>) =>
    (data.conversation as { deletedAt: string | null }).deletedAt === null;

  await app.owner.api("DELETE", `${path}/conversations/${conversation.id}/messages/${message.id}`);
  expect((await undo(message.id)).code).toBe(0);
  for (const socket of sockets) {
    const changed = await socket.event("message.changed", ({ message }) => (message as Message).deletedAt === null);
    expect(changed).toMatchObject({ message: { id: message.id, body: "Wrong" } });
  }
  for (const [kind, id] of [
    ["conversations", conversation.id],
    ["visitors", shown.visitor.id],
  ] as const) {
    await app.owner.api("DELETE", `${path}/${kind}/${id}`, { reason: "" });
    for (const { events } of sockets) events.length = 0;
    expect((await undo(id)).code).toBe(0);
    for (const socket of sockets) await socket.event("conversation.changed", isBack);
  }
  for (const socket of sockets) await socket.close();
});

test("something else than an id is refused with what to do", async () => {
  const { code, stderr } = await undo("spam");
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('"spam" is no id of something deleted. prochat undo lists them.'),
  ]);
});
