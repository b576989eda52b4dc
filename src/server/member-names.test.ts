import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { AgentSent } from "#protocol/messages.ts";
import { commands } from "#server/features/features.ts";

/**
 * An agent whose membership has another name than the account: the people of the website never see the name of the
 * account. The same agent belongs to a second website, by the name of the account.
 */

const accountName = "Name of the account";
let memberName: string;
let app: App;
let dora: AgentClient;
let visitor: VisitorClient;
let conversationId: string;
let second: number;

const at = (path: string) => `/websites/${app.website.id}${path}`;
const inConversation = (path: string) => at(`/conversations/${conversationId}${path}`);

beforeAll(async () => {
  app = await startApp();
  ({ visitor, conversationId } = await app.scene());
  dora = await app.agent("admin");
  memberName = dora.me.user.name;
  await app.sql.query("update users set name = $1 where id = $2", [accountName, dora.me.user.id]);
  const other = { name: "Second", allowedOrigins: ["https://second.example"] };
  second = (await app.owner.api<{ id: number }>("POST", "/websites", other)).id;
  const path = `/websites/${second}/invitations`;
  const { token } = await app.owner.api<{ token: string }>("POST", path, { role: "agent" });
  await dora.api("POST", `/invitations/${token}`, {});
});
afterAll(() => app.stop());

function expectMemberName(...shown: unknown[]) {
  for (const each of shown) expect(JSON.stringify(each)).toContain(memberName);
  expectNoAccountName(shown);
}

const expectNoAccountName = (shown: unknown) => expect(JSON.stringify(shown)).not.toContain(accountName);

/** The events that an act leads to, as the website's owner and the visitor get them. */
async function eventsOf(act: () => Promise<unknown>): Promise<{ agents: unknown[]; visitors: unknown[] }> {
  const sockets = [await app.owner.socket(), await visitor.socket()];
  await act();
  const { message: last } = await app.owner.send(conversationId, "That was all");
  for (const socket of sockets) {
    await socket.event("message.created", ({ message }) => (message as { id: string }).id === last.id);
    await socket.close();
  }
  const [agents, visitors] = sockets.map(socket => socket.events) as [unknown[], unknown[]];
  return { agents, visitors };
}

test("what an agent does over HTTP shows the name of the membership in answers and events", async () => {
  const answers: unknown[] = [];
  const events = await eventsOf(async () => {
    const sent = await dora.send(conversationId, "Hello");
    const path = inConversation(`/messages/${sent.message.id}`);
    answers.push(
      sent,
      await dora.send(conversationId, "Hello", { id: sent.message.id }),
      await dora.send(conversationId, "A note", { kind: "note" }),
      await dora.api("PATCH", path, { body: "Hello!" }),
      await dora.api("DELETE", path),
      await dora.act(conversationId, "assign", { assigneeId: dora.me.user.id }),
      await dora.act(conversationId, "resolve"),
      await dora.act(conversationId, "reopen"),
    );
  });
  expectMemberName(...answers, events.agents, events.visitors);
});

test("what an agent does over a socket shows the name of the membership in answers and events", async () => {
  const socket = await dora.socket();
  const target = { websiteId: app.website.id, conversationId };
  const answers: unknown[] = [];
  const events = await eventsOf(async () => {
    const sent = await socket.command<AgentSent>("message.send", { ...target, id: newId(), body: "Hello" });
    const { id } = sent.message;
    answers.push(sent, await socket.command("message.edit", { ...target, id, body: "Hello!" }));
    answers.push(await socket.command("message.delete", { ...target, id }));
    await socket.command("conversation.typing", { ...target, typing: true });
  });
  expectMemberName(...answers, socket.events);
  for (const side of [events.agents, events.visitors]) {
    expectMemberName(side);
    expect(side).toContainEqual(
      expect.objectContaining({ event: "conversation.typing", data: expect.objectContaining({ name: memberName }) }),
    );
  }
  await socket.close();
});

test("what an agent does by long polling shows the name of the membership", async () => {
  const hello = { ref: 1, command: "hello", params: { as: "agent" } };
  const poller = await openPoller(app.url, { ...dora.headers, origin: app.url }, hello);
  const params = { websiteId: app.website.id, conversationId, id: newId(), body: "Hello" };
  const events = await eventsOf(async () => {
    expectMemberName(await poller.command("message.send", params));
  });
  expectMemberName(events.agents, events.visitors, await poller.events());
});

/** Files: a zip is no text to search, and an export names agents by their ids only. */
const downloads = ["visitor.download", "export.download"];
/** They name operators, who belong to the installation and to no website. */
const ofInstallation = ["alert.overview", "alert.history"];
/** Made for any values: read-plan.test.ts. */
const plans = ["health.plan"];
const others = [...downloads, ...ofInstallation, ...plans];
const memberReads = commands.filter(
  ({ name, http, access }) =>
    http?.method === "GET" && ["agent", "admin", "owner"].includes(access) && !others.includes(name),
);
/** Those that name no person at all. */
const nameless = [
  ...["website.show", "website.identity-secret.show", "inbox.count", "tag.list", "canned-reply.list"],
  ...["visitor.contents", "website.contents", "retention.show", "erasure.list"],
  ...["health.read", "health.history", "health.sessions", "health.queries"],
];

test.each(memberReads)("$name answers with the name of the membership", async ({ name, http }) => {
  await dora.api("POST", at("/invitations"), { role: "agent", note: "Someone new" });
  const deleted = (await (await app.visitor()).send("Spam")).conversation;
  await dora.api("DELETE", at(`/conversations/${deleted.id}`), {});
  await dora.api("POST", at("/holds"), { targetKind: "conversation", targetId: deleted.id, reason: "A case" });
  await dora.call("POST", at("/exports"), { scope: { kind: "conversation", conversationId }, format: "csv" });
  const { rows } = await app.sql.query("select visitor_id from conversations where id = $1", [conversationId]);
  const path = http!.path
    .replace(":websiteId", `${app.website.id}`)
    .replace(":conversationId", conversationId)
    .replace(":visitorId", rows[0].visitor_id);
  if (name === "search.find") await allIndexed(app.sql);
  const answer = await app.owner.api("GET", name === "search.find" ? `${path}?q=from:agent` : path);
  if (nameless.includes(name)) expectNoAccountName(answer);
  else expectMemberName(answer);
});

test("a visitor reads the name of the membership at old messages", async () => {
  expectMemberName(await visitor.api("GET", `/widget/conversations/${conversationId}/messages`));
});

test("an invitation names its maker as the website does, to the people who get the link too", async () => {
  const invited = await dora.api<{ token: string }>("POST", at("/invitations"), { role: "agent" });
  const shown = await app.owner.api("GET", `/invitations/${invited.token}`);
  expectMemberName(invited, shown);
});

test("the log of each website names a person as that website does, also for what happens to the account", async () => {
  const { email, password } = dora.account;
  await app.owner.api("PATCH", at(`/agents/${dora.me.user.id}`), { role: "agent" });
  const { token } = await app.owner.api<{ token: string }>("POST", at("/invitations"), { role: "admin" });
  await dora.api("POST", `/invitations/${token}`, {});
  await expect(dora.api("POST", "/sign-in", { email, password: "wrong password" })).rejects.toMatchObject({
    code: "wrong_credentials",
  });
  await dora.api("POST", "/me/password", { currentPassword: password, newPassword: password });
  await dora.api("POST", "/sign-out");
  await dora.signIn();

  const read = (websiteId: number) => app.owner.api<AuditPage>("GET", `/websites/${websiteId}/audit?limit=100`);
  const { entries } = await read(app.website.id);
  expectNoAccountName(entries);
  const named = entries.filter(({ actor, target }) => [actor.id, target?.id].includes(dora.me.user.id));
  expect(named.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      "account.signed_in",
      "account.signed_out",
      "account.password_changed",
      "account.sign_in_failed",
      "invitation.accepted",
    ]),
  );
  for (const { actor, target } of named) {
    if (actor.id === dora.me.user.id) expect(actor.name).toBe(memberName);
    if (target?.id === dora.me.user.id) expect(target.name).toBe(memberName);
  }
  const [newest] = (await read(second)).entries;
  expect(newest).toMatchObject({ action: "account.signed_in", actor: { name: accountName } });
});
