import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { VisitorClient } from "#lab/actors/people.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { WidgetSession } from "#protocol/widget.ts";

let app: App;
let website: string;
let secret: string;

beforeAll(async () => {
  app = await startApp();
  website = `/websites/${app.website.id}`;
  ({ identitySecret: secret } = await app.owner.api<{ identitySecret: string }>("GET", `${website}/identity-secret`));
});
afterAll(() => app.stop());
beforeEach(() => choose(true));

const choose = (carriesThreadOver: boolean) => app.owner.api("PATCH", website, { settings: { carriesThreadOver } });

const identityOf = (sub: string, claims = {}) =>
  new SignJWT({ sub, ...claims }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));

/** As the widget does when the page names who is logged in, while the browser keeps an anonymous visitor's token. */
const logIn = async (visitor: VisitorClient, sub: string, claims = {}) => {
  const body = {
    websiteKey: app.website.publicKey,
    identity: await identityOf(sub, claims),
    token: visitor.session.token,
  };
  return visitor.api<WidgetSession>("POST", "/widget/session", body);
};
const show = (conversationId: string) =>
  app.owner.api<ConversationShown>("GET", `${website}/conversations/${conversationId}`);
const begin = async (visitor: VisitorClient) => (await visitor.send("Hello")).conversation.id;
const countVisitors = async (ids: string[]) => {
  const { rows } = await app.sql.query("select count(*)::integer as count from visitors where id = any($1)", [ids]);
  return rows[0].count as number;
};

test("what was written before the first log-in is the logged-in visitor's, with its counts", async () => {
  const anonymous = await app.visitor();
  const conversationId = await begin(anonymous);
  const before = await show(conversationId);
  const session = await logIn(anonymous, "first", { name: "Ada" });
  expect(session.conversation).toMatchObject({ id: conversationId, lastSeq: 1 });
  const after = await show(conversationId);
  expect(after.visitor).toMatchObject({ externalId: "first", name: "Ada", pageUrl: before.visitor.pageUrl });
  expect(after.visitor.firstSeenAt).toBe(before.visitor.firstSeenAt);
  expect(after.conversation).toMatchObject({ unread: 1, preview: "Hello", status: "open" });
  expect(await countVisitors([before.visitor.id])).toBe(0);
  const { conversations } = await app.owner.api<Inbox>("GET", `${website}/inbox`);
  expect(conversations.filter(row => row.id === conversationId)).toHaveLength(1);
  const { entries } = await app.owner.api<AuditPage>("GET", `${website}/audit?action=conversation.carried_over`);
  expect(entries[0]).toMatchObject({ target: { id: conversationId }, details: { from: before.visitor.id } });
});

test("it joins the thread that the visitor has from another device, in the order of time", async () => {
  const laptop = await app.visitor({ identity: await identityOf("returns") });
  const first = await begin(laptop);
  const phone = await app.visitor();
  const second = await begin(phone);
  await logIn(phone, "returns");
  const [old, recent] = await Promise.all([show(first), show(second)]);
  expect(recent.visitor.id).toBe(old.visitor.id);
  expect([old.conversation.continuesId, recent.conversation.continuesId]).toEqual([null, first]);
  // Nothing is left to carry over, and a second tab that logs in at the same time gets the same.
  const again = await Promise.all([logIn(phone, "returns"), logIn(phone, "returns")]);
  expect(again.map(({ conversation }) => conversation?.id)).toEqual([second, second]);
});

test("the anonymous visitor's token leads to an empty chat, and open tabs lose the conversation at once", async () => {
  const anonymous = await app.visitor();
  const conversationId = await begin(anonymous);
  const [tab, agents] = [await anonymous.socket(), await (await app.agent()).socket()];
  await logIn(anonymous, "shared-computer", { name: "Ada" });
  await tab.event("conversation.changed", data => (data.conversation as { deletedAt: unknown }).deletedAt !== null);
  const { conversation } = await agents.event("conversation.changed");
  expect(conversation).toMatchObject({ id: conversationId, visitor: { name: "Ada" }, deletedAt: null });
  for (const refused of [
    () => anonymous.api("GET", `/widget/conversations/${conversationId}/messages`),
    () => tab.command("conversation.typing", { conversationId, typing: true }),
  ]) {
    await expect(refused()).rejects.toMatchObject({ code: "not_found" });
  }
  // As with any conversation that is not theirs: the message begins a new one.
  const sent = await tab.command("message.send", { id: crypto.randomUUID(), conversationId, body: "Still me" });
  expect(sent).toMatchObject({ message: { seq: 1, conversationId: expect.not.stringContaining(conversationId) } });
  for (const socket of [tab, agents]) await socket.close();
});

test("a restriction and a legal hold go along: they hold for the person", async () => {
  const anonymous = await app.visitor();
  const conversationId = await begin(anonymous);
  const { visitor } = await show(conversationId);
  await app.owner.api("POST", `${website}/holds`, { targetKind: "visitor", targetId: visitor.id, reason: "A case" });
  await app.owner.api("POST", `${website}/visitors/${visitor.id}/restrict`, {});
  await logIn(anonymous, "restricted-and-held");
  const after = await show(conversationId);
  expect(after.visitor).toMatchObject({ externalId: "restricted-and-held", restrictedAt: expect.any(String) });
  await expect(app.owner.send(conversationId, "Hello?")).rejects.toMatchObject({ code: "restricted" });
  const { rows } = await app.sql.query("select target_id from holds where reason = 'A case'");
  expect(rows).toEqual([{ target_id: after.visitor.id }]);
});

test("nothing is carried over unless the owner chose it, and never with the token of a logged-in visitor or an invalid one", async () => {
  await choose(false);
  const anonymous = await app.visitor();
  const conversationId = await begin(anonymous);
  expect((await logIn(anonymous, "not-chosen")).conversation).toBeNull();
  await choose(true);
  const other = await app.visitor({ identity: await identityOf("somebody") });
  await begin(other);
  expect((await logIn(other, "not-chosen")).conversation).toBeNull();
  expect(
    (await logIn({ ...anonymous, session: { ...anonymous.session, token: "x" } }, "nobody")).conversation,
  ).toBeNull();
  expect((await show(conversationId)).visitor.externalId).toBeNull();
});
