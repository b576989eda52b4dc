import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { type AgentClient, createAgent } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const invitationsPath = () => `/websites/${app.website.id}/invitations`;
const agentPath = (agent: AgentClient) => `/websites/${app.website.id}/agents/${agent.me.user.id}`;

async function inviteBy(maker: AgentClient, role: "admin" | "agent" = "admin"): Promise<string> {
  return (await maker.api<{ token: string }>("POST", invitationsPath(), { role, note: "mine" })).token;
}

const accept = (agent: Pick<AgentClient, "api">, token: string) => agent.api<Me>("POST", `/invitations/${token}`, {});
const roleIn = ({ websites }: Me) => websites.find(({ id }) => id === app.website.id)?.role;
const gone = { code: "invitation_gone" };

const listWithdrawn = async () =>
  (
    await app.sql.query(
      "select actor_id from audit_log where action = 'invitation.withdrawn' and target_name = 'mine' order by at",
    )
  ).rows.map(({ actor_id }) => actor_id);

test("a removed admin cannot come back by an invitation that they made", async () => {
  const admin = await app.agent("admin");
  const token = await inviteBy(admin);
  const ours = await inviteBy(app.owner, "agent");
  await app.owner.api("DELETE", agentPath(admin));
  await admin.signIn();
  await expect(accept(admin, token)).rejects.toMatchObject(gone);
  expect((await admin.api<Me>("GET", "/me")).websites).toEqual([]);
  expect(await listWithdrawn()).toEqual([app.owner.me.user.id]);
  expect(roleIn(await accept(admin, ours))).toBe("agent");
});

test("the invitations of a demoted admin end, and those of an owner who becomes an admin stay", async () => {
  const admin = await app.agent("admin");
  const token = await inviteBy(admin);
  await app.owner.api("PATCH", agentPath(admin), { role: "owner" });
  await app.owner.api("PATCH", agentPath(admin), { role: "admin" });
  await app.owner.api("GET", `/invitations/${token}`);
  await app.owner.api("PATCH", agentPath(admin), { role: "agent" });
  await expect(accept(admin, token)).rejects.toMatchObject(gone);
});

test("an admin who is being removed makes no further invitation", async () => {
  const admin = await app.agent("admin");
  const removing = await app.sql.connect();
  const membership = [app.website.id, admin.me.user.id];
  await removing.query("begin");
  await removing.query("select from memberships where website_id = $1 and user_id = $2 for update", membership);
  const inviting = inviteBy(admin);
  inviting.catch(() => {});
  await expect.poll(countWaiting).toBe(1);
  await removing.query("update memberships set removed_at = now() where website_id = $1 and user_id = $2", membership);
  await removing.query("commit");
  removing.release();
  await expect(inviting).rejects.toMatchObject({ code: "not_found" });
});

test("an agent who accepts an invitation as an admin is one, at once and on their sockets", async () => {
  const agent = await app.agent();
  const socket = await agent.socket();
  expect(roleIn(await accept(agent, await inviteBy(app.owner)))).toBe("admin");
  await socket.event("memberships.changed");
  await agent.api("GET", invitationsPath());
  await socket.close();
});

test("an invitation that gives a member nothing is refused, and stays for the person that it is for", async () => {
  const admin = await app.agent("admin");
  for (const role of ["agent", "admin"] as const) {
    const token = await inviteBy(app.owner, role);
    await expect(accept(admin, token)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("You belong to Shop already, as its admin."),
    });
    const newcomer = await createAgent(app.url, "Nina", nina =>
      nina.api<Me>("POST", `/invitations/${token}`, { account: nina.account }),
    );
    expect(roleIn(newcomer.me)).toBe(role);
  }
  expect(roleIn(await admin.api<Me>("GET", "/me"))).toBe("admin");
});

async function countWaiting(): Promise<number> {
  const { rows } = await app.sql.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length;
}
