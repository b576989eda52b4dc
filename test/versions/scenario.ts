import { SignJWT } from "jose";
import type pg from "pg";
import { type AgentClient, createAgent, createVisitor } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";

/** The owner in every version's database. */
export const owner = { name: "Olga Owner", email: "olga@shop.example", password: "correct horse battery" };

/** A visitor who is logged in on the website. */
export const customer = { externalId: "customer-1", name: "Carla Customer" };

/** The last public message of the customer's open conversation. */
export const lastReply = "It is on its way to you.";

/** Signs the customer's identity, as the website's own server would. */
export async function signIdentity(sql: pg.Client, websiteId: number): Promise<string> {
  const { rows } = await sql.query<{ secret: string }>("select identity_secret as secret from websites where id = $1", [
    websiteId,
  ]);
  return new SignJWT({ name: customer.name })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(customer.externalId)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(rows[0]!.secret));
}

/**
 * Uses a new server so that each table gets rows, by HTTP and sockets where the API allows it. A new table needs a request
 * here that fills it: make.ts fails for an empty table.
 */
export async function fillByUse(url: string, setupCode: string, sql: pg.Client): Promise<void> {
  const website = { name: "Shop", allowedOrigins: ["https://shop.example"] };
  const olga = await createAgent(url, owner.name, caller =>
    caller.api<Me>("POST", "/setup", { code: setupCode, owner, website }),
  );
  const { id: websiteId, publicKey: websiteKey } = olga.me.websites[0]!;
  const { token } = await olga.api<{ token: string }>("POST", `/websites/${websiteId}/invitations`, { role: "agent" });
  const ben = await createAgent(url, "Ben Agent", caller =>
    caller.api<Me>("POST", `/invitations/${token}`, { account: caller.account }),
  );
  await olga.api("POST", `/websites/${websiteId}/invitations`, { role: "admin", note: "for Dana" });
  await olga.api("POST", "/websites", { ...website, name: "Second shop" });

  await keepAnonymous(url, websiteKey, ben);
  const identity = await signIdentity(sql, websiteId);
  const conversationId = await talkWithCustomer(url, { websiteKey, identity, agent: ben });
  await deleteSome(url, websiteKey, sql);
  if (await hasTable(sql, "tags")) await tag(olga, websiteId, conversationId);
}

/** An anonymous visitor: one message is read and answered; a second message and the answer are unread. */
async function keepAnonymous(url: string, websiteKey: string, agent: AgentClient): Promise<void> {
  const visitor = await createVisitor(url, { websiteKey });
  const socket = await visitor.socket();
  const { conversation } = await visitor.send("Is anybody there?");
  await agent.act(conversation.id, "read", { seq: 1 });
  await agent.send(conversation.id, "Yes, how can I help?");
  await visitor.send("Do you repair bicycles?", { conversationId: conversation.id });
  await socket.close();
}

/** The customer: a resolved conversation, then the open one, with a note, events and an answer. */
async function talkWithCustomer(
  url: string,
  p: { websiteKey: string; identity: string; agent: AgentClient },
): Promise<string> {
  const { websiteKey, identity, agent } = p;
  const visitor = await createVisitor(url, { websiteKey, identity });
  const { conversation } = await visitor.send("Where is my parcel?");
  const { id } = conversation;
  await agent.act(id, "assign", { assigneeId: agent.me.user.id });
  await agent.send(id, "Ask the warehouse", { kind: "note" });
  await agent.act(id, "resolve");
  await agent.act(id, "reopen");
  await agent.send(id, lastReply);
  await agent.act(id, "read", { seq: 6 });
  return id;
}

/** A deleted conversation, a deleted and an edited message: the first versions have the columns, but no API for them. */
async function deleteSome(url: string, websiteKey: string, sql: pg.Client): Promise<void> {
  const visitor = await createVisitor(url, { websiteKey });
  const { conversation } = await visitor.send("Please forget this.");
  await sql.query("update conversations set deleted_at = now() where id = $1", [conversation.id]);
  await sql.query(`
    update messages
    set edited_at = case when kind = 'note' then now() end, deleted_at = case when seq = 1 then now() end
    where conversation_id in (select conversation_id from messages where kind = 'note')
      and (kind = 'note' or seq = 1)`);
  // Only the authentication library writes here, for what the product does not offer yet.
  await sql.query(`
    insert into verifications (id, identifier, value, expires_at)
    values (gen_random_uuid(), 'reset:olga@shop.example', 'expired', now() - interval '1 day')`);
  await sql.query("select prochat_jobs.add_job('recount', run_at := now() + interval '100 years')");
}

async function tag(agent: AgentClient, websiteId: number, conversationId: string): Promise<void> {
  const path = `/websites/${websiteId}`;
  const { id } = await agent.api<{ id: string }>("POST", `${path}/tags`, { name: "Refund", colour: "#3457d5" });
  await agent.api("POST", `${path}/conversations/${conversationId}/tags`, { tagId: id });
}

export async function hasTable(sql: pg.Client, name: string): Promise<boolean> {
  const { rows } = await sql.query<{ found: boolean }>("select to_regclass($1) is not null as found", [name]);
  return rows[0]!.found;
}
