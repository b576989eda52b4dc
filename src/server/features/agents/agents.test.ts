import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { createAgent } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";
import type { Agent } from "#protocol/agents.ts";
import type { Invitation } from "#protocol/invitations.ts";
import type { AgentPage } from "#protocol/messages.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const membersPath = () => `/websites/${app.website.id}/agents`;

test("an invitation shows its role and maker, and makes one agent, once", async () => {
  const path = `/websites/${app.website.id}/invitations`;
  const { token } = await app.owner.api<{ token: string }>("POST", path, { role: "agent", note: "Ben, evenings" });
  const { invitations } = await app.owner.api<{ invitations: Invitation[] }>("GET", path);
  expect(invitations[0]).toMatchObject({ note: "Ben, evenings", role: "agent", invitedBy: "Olga Owner" });
  const stored = await app.sql.query("select token_hash from invitations");
  expect(JSON.stringify(stored.rows)).not.toContain(token.slice(token.indexOf("-") + 1));

  const join = () =>
    createAgent(app.url, "Ben", ben => ben.api<Me>("POST", `/invitations/${token}`, { account: ben.account }));
  const joined = await Promise.allSettled([join(), join()]);
  expect(joined.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(app.owner.api("GET", `/invitations/${token}`)).rejects.toMatchObject({ code: "invitation_gone" });
  const { agents } = await app.owner.api<{ agents: Agent[] }>("GET", membersPath());
  expect(agents.filter(({ name }) => name === "Ben")).toHaveLength(1);
});

test("a signed-in user joins with their account, and a taken address is refused", async () => {
  const { owner: other, website } = await app.otherWebsite();
  const invite = () => other.api<{ token: string }>("POST", `/websites/${website.id}/invitations`, { role: "admin" });
  const { token } = await invite();
  await expect(other.api("POST", `/invitations/${token}`, { account: app.owner.account })).rejects.toMatchObject({
    code: "conflict",
  });
  const me = await app.owner.api<Me>("POST", `/invitations/${token}`, {});
  expect(me.websites.map(({ role }) => role)).toEqual(["owner", "admin"]);
});

test("removing an agent ends their sessions and sockets at once and frees their conversations", async () => {
  const { agent, conversationId } = await app.scene();
  const userId = agent.me.user.id;
  await agent.act(conversationId, "assign", { assigneeId: userId });
  const [socket, watching] = await Promise.all([agent.socket(), app.owner.socket()]);
  await app.owner.api("DELETE", `${membersPath()}/${userId}`);

  expect(await socket.closed).toMatchObject({ code: 4401 });
  expect(socket.errors).toMatchObject([{ code: "not_signed_in" }]);
  await expect(agent.api("GET", "/me")).rejects.toMatchObject({ code: "not_signed_in" });
  expect(await watching.event("conversation.changed")).toMatchObject({ conversation: { assignee: null } });
  await app.owner.send(conversationId, "Is it over?");
  expect(socket.events.filter(({ event }) => event === "message.created")).toEqual([]);
  await agent.signIn();
  await expect(agent.inbox()).rejects.toMatchObject({ code: "not_found" });
  await watching.close();
});

test("a former agent is named at their messages, listed nowhere, and a member again when invited again", async () => {
  const { agent, visitor, conversationId } = await app.scene();
  const { user } = agent.me;
  await agent.send(conversationId, "Hello!");
  await app.owner.api("DELETE", `${membersPath()}/${user.id}`);
  const listAgentIds = async () =>
    (await app.owner.api<{ agents: Agent[] }>("GET", membersPath())).agents.map(({ id }) => id);
  expect(await listAgentIds()).not.toContain(user.id);
  await expect(app.owner.api("PATCH", `${membersPath()}/${user.id}`, { role: "admin" })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(app.owner.act(conversationId, "assign", { assigneeId: user.id })).rejects.toMatchObject({
    code: "conflict",
  });
  const path = `/websites/${app.website.id}/conversations/${conversationId}/messages`;
  const { messages } = await app.owner.api<AgentPage>("GET", path);
  expect(messages.find(({ body }) => body === "Hello!")).toMatchObject({ authorName: user.name });

  const { token } = await app.owner.api<{ token: string }>("POST", `/websites/${app.website.id}/invitations`, {
    role: "admin",
  });
  await agent.signIn();
  await agent.api("POST", `/invitations/${token}`, {});
  expect(await listAgentIds()).toContain(user.id);
  await agent.send(conversationId, "Here again");
  await visitor.send("Welcome back", { conversationId });
});

test("no agent is assigned a conversation while they are being removed", async () => {
  const { agent, conversationId } = await app.scene();
  const membership = [app.website.id, agent.me.user.id];
  const removing = await app.sql.connect();
  await removing.query("begin");
  await removing.query("select from memberships where website_id = $1 and user_id = $2 for update", membership);
  const assigning = app.owner.act(conversationId, "assign", { assigneeId: agent.me.user.id });
  assigning.catch(() => {});
  await expect.poll(() => countWaiting(app.sql)).toBe(1);
  await removing.query("update memberships set removed_at = now() where website_id = $1 and user_id = $2", membership);
  await removing.query("commit");
  removing.release();
  await expect(assigning).rejects.toMatchObject({ code: "conflict" });
});

test("admins may not make or change owners, agents manage no agents, and the last owner stays", async () => {
  const [admin, agent] = await Promise.all([app.agent("admin"), app.agent()]);
  const ownerPath = `${membersPath()}/${app.owner.me.user.id}`;
  await expect(admin.api("DELETE", ownerPath)).rejects.toMatchObject({ code: "forbidden" });
  await expect(admin.api("PATCH", ownerPath, { role: "agent" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(admin.api("PATCH", `${membersPath()}/${agent.me.user.id}`, { role: "owner" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(agent.api("DELETE", `${membersPath()}/${admin.me.user.id}`)).rejects.toMatchObject({
    code: "forbidden",
  });
  for (const [method, body] of [["PATCH", { role: "admin" }], ["DELETE"]] as const) {
    await expect(app.owner.api(method, ownerPath, body)).rejects.toMatchObject({ code: "conflict" });
  }
});

test("a change of role applies from the next request on, and reaches the agent's dashboard", async () => {
  const agent = await app.agent();
  const socket = await agent.socket();
  await expect(agent.api("GET", `/websites/${app.website.id}/invitations`)).rejects.toMatchObject({
    code: "forbidden",
  });
  await app.owner.api("PATCH", `${membersPath()}/${agent.me.user.id}`, { role: "admin" });
  await socket.event("memberships.changed");
  await agent.api("GET", `/websites/${app.website.id}/invitations`);
  await socket.close();
});

test("agents show as online, away and offline, and each change is published", async () => {
  const agent = await app.agent();
  const watching = await app.owner.socket();
  const userId = agent.me.user.id;
  const socket = await agent.socket();
  await watching.event("agent.presence", data => data.userId === userId && data.availability === "online");
  const { agents } = await app.owner.api<{ agents: Agent[] }>("GET", membersPath());
  expect(agents.find(({ id }) => id === userId)).toMatchObject({ availability: "online" });
  await socket.command("agent.availability", { availability: "away" });
  await watching.event("agent.presence", data => data.userId === userId && data.availability === "away");
  await socket.close();
  await watching.event("agent.presence", data => data.userId === userId && data.availability === "offline");
  await watching.close();
});

async function countWaiting(sql: App["sql"]): Promise<number> {
  const { rows } = await sql.query(
    "select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows[0].count;
}
