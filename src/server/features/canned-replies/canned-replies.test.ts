import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { CannedReplies, CannedReply } from "#protocol/canned-replies.ts";

let app: App;
let path: string;
let agent: AgentClient;
let colleague: AgentClient;

beforeAll(async () => {
  app = await startApp();
  path = `/websites/${app.website.id}/canned-replies`;
  [agent, colleague] = [await app.agent(), await app.agent()];
});
afterAll(() => app.stop());

const create = (by: AgentClient, shortcut: string, isOwn: boolean, body = `The text of ${shortcut}`) =>
  by.api<CannedReply>("POST", path, { shortcut, body, isOwn });
const shortcutsOf = async (by: AgentClient) =>
  (await by.api<CannedReplies>("GET", path)).replies.map(({ shortcut }) => shortcut);

test("all agents see the website's, and of their own ones the agent alone", async () => {
  await create(app.owner, "refund", false);
  const { id } = await create(agent, "Mine", true);
  expect(await shortcutsOf(agent)).toEqual(["Mine", "refund"]);
  expect(await shortcutsOf(colleague)).toEqual(["refund"]);
  for (const [by, code] of [
    [colleague, "not_found"],
    [app.owner, "not_found"],
  ] as const) {
    await expect(by.api("PATCH", `${path}/${id}`, { body: "Theirs" })).rejects.toMatchObject({ code });
    await expect(by.api("DELETE", `${path}/${id}`)).rejects.toMatchObject({ code });
  }
});

test("only admins change the website's; an agent changes and deletes own ones, without a trace in the audit log", async () => {
  const shared = await create(app.owner, "hours", false);
  await expect(create(agent, "hours-2", false)).rejects.toMatchObject({ code: "forbidden" });
  await expect(agent.api("PATCH", `${path}/${shared.id}`, { body: "Never" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(agent.api("DELETE", `${path}/${shared.id}`)).rejects.toMatchObject({ code: "forbidden" });
  const own = await create(agent, "private", true);
  expect(await agent.api("PATCH", `${path}/${own.id}`, { body: "Changed" })).toEqual({ ...own, body: "Changed" });
  await agent.api("DELETE", `${path}/${own.id}`);
  expect(await shortcutsOf(agent)).not.toContain("private");
  const { entries } = await app.owner.api<AuditPage>("GET", `/websites/${app.website.id}/audit`);
  expect(entries.filter(({ target }) => target?.name === "private")).toEqual([]);
});

test("two of one list never have the same shortcut; one's own may be called as one of the website's", async () => {
  await create(app.owner, "thanks", false);
  await expect(create(app.owner, "Thanks", false)).rejects.toMatchObject({ code: "conflict" });
  await create(agent, "THANKS", true);
  await expect(create(agent, "thanks", true)).rejects.toMatchObject({ code: "conflict" });
  const other = await create(agent, "other", true);
  const rename = agent.api("PATCH", `${path}/${other.id}`, { shortcut: "Thanks" });
  await expect(rename).rejects.toMatchObject({ code: "conflict" });
});

test("shortcuts of any script are taken, those that a composer could not find are refused", async () => {
  for (const shortcut of ["退款", "привет", "สวัสดี", "a-b_c"]) {
    expect((await create(agent, ` ${shortcut} `, true)).shortcut).toBe(shortcut);
  }
  for (const shortcut of ["", "two words", "/x", "-x", "x".repeat(41), "a\nb"]) {
    await expect(create(agent, shortcut, true)).rejects.toMatchObject({ code: "invalid_request" });
  }
  await expect(create(agent, "long", true, "x".repeat(10_001))).rejects.toMatchObject({ code: "invalid_request" });
  const body = "Line 1\nLine 2 \\ 🙂 {visitor.name}";
  expect((await create(agent, "lines", true, body)).body).toBe(body);
});

test("a change reaches every agent, without texts, and no other website", async () => {
  const { owner: stranger } = await app.otherWebsite();
  const [theirs, strangers] = [await colleague.socket(), await stranger.socket()];
  await create(agent, "event", true);
  expect(await theirs.event("canned-replies.changed")).toEqual({ websiteId: app.website.id });
  await expect(stranger.api("GET", path)).rejects.toMatchObject({ code: "not_found" });
  expect(strangers.events.filter(({ event }) => event === "canned-replies.changed")).toEqual([]);
  for (const socket of [theirs, strangers]) await socket.close();
});

test("an agent who leaves and comes back finds their own again", async () => {
  const leaving = await app.agent("admin");
  await create(leaving, "kept", true);
  await app.owner.api("DELETE", `/websites/${app.website.id}/agents/${leaving.me.user.id}`);
  const invitation = await app.owner.api<{ token: string }>("POST", `/websites/${app.website.id}/invitations`, {
    role: "agent",
  });
  await leaving.signIn();
  await leaving.api("POST", `/invitations/${invitation.token}`, {});
  expect(await shortcutsOf(leaving)).toContain("kept");
});
