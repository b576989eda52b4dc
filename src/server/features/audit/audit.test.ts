import { SignJWT } from "jose";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { checkProof } from "#database/query-plans/check-proof.ts";
import { findSample } from "#database/query-plans/sample.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { type AgentClient, createAgent } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";
import type { AlertSilence, CreatedChannel } from "#protocol/alerts.ts";
import type { AuditEntry, AuditPage } from "#protocol/audit.ts";
import { type AuditAction, auditActions } from "#protocol/audit-actions.ts";
import type { ConversationShown } from "#protocol/conversations.ts";
import type { Tag } from "#protocol/tags.ts";
import { commands } from "#server/features/features.ts";
import { expireEntries, listEntries, listEntriesSince } from "./queries.ts";

let app: App;
let admin: AgentClient;
let ben: AgentClient;
beforeAll(async () => {
  app = await startApp();
  admin = await app.agent("admin");
  ben = await app.agent();
});
afterAll(() => app.stop());

const at = (path: string) => `/websites/${app.website.id}${path}`;
const read = (query: Record<string, string> = {}) =>
  admin.api<AuditPage>("GET", at(`/audit?${new URLSearchParams(query)}`));
const showSecret = () => app.owner.api("GET", at("/identity-secret"));

/** The entries that an act adds, oldest first. */
async function entriesOf(act: () => Promise<unknown>): Promise<AuditEntry[]> {
  const newest = (await read({ limit: "1" })).entries[0]!.id;
  await act();
  return (await read()).entries.filter(({ id }) => id > newest).toReversed();
}

const invite = (role = "agent", note = "Dora, weekends") =>
  admin.api<{ invitation: { id: string }; token: string }>("POST", at("/invitations"), { role, note });
const visitorOf = async (conversationId: string) =>
  (await admin.api<ConversationShown>("GET", at(`/conversations/${conversationId}`))).visitor.id;
const addReply = (shortcut: string) =>
  admin.api<{ id: string }>("POST", at("/canned-replies"), { shortcut, body: "Hello!", isOwn: false });
const addTag = (name: string) => admin.api<Tag>("POST", at("/tags"), { name, colour: "#3457d5" });

const addChannel = () =>
  app.owner.api<CreatedChannel>("POST", at("/alerts/channels"), { kind: "email", target: "admin@shop.example" });
const silence = () =>
  app.owner.api<AlertSilence>("POST", at("/alerts/silences"), {
    ...{ check: "disk-free", reason: "A new disk comes." },
    until: new Date(Date.now() + 3_600_000).toISOString(),
  });

/** Calls each command that is declared with audit entries, where it succeeds and changes something. */
const scenes: Record<string, () => Promise<unknown>> = {
  "session.begin": () => ben.signIn(),
  "session.end": async () => {
    await ben.api("POST", "/sign-out");
  },
  "me.password": async () => {
    const { password } = admin.account;
    await admin.api("POST", "/me/password", { currentPassword: password, newPassword: password });
  },
  "invitation.create": () => invite(),
  "website.change": () => admin.api("PATCH", at(""), { name: "Shop", settings: { greeting: "Good evening" } }),
  "website.identity-secret.show": showSecret,
  "website.identity-secret.replace": () => app.owner.api("POST", at("/identity-secret")),
  "tag.create": () => addTag("Refund"),
  "canned-reply.create": () => addReply("hello"),
  "alert_channel.create": () => addChannel(),
  "alert.silence": () => silence(),
  "health.mend": () => app.owner.api("POST", at("/health/mend"), { fix: "make-partitions" }),
};
/** Scenes that need preparations, which have entries of their own. */
const prepared: Record<string, () => Promise<() => Promise<unknown>>> = {
  "invitation.withdraw": async () => {
    const { invitation } = await invite();
    return () => admin.api("DELETE", at(`/invitations/${invitation.id}`));
  },
  "invitation.accept": async () => {
    const { token } = await invite();
    return () =>
      createAgent(app.url, "Dora", dora => dora.api<Me>("POST", `/invitations/${token}`, { account: dora.account }));
  },
  "alert_channel.test": async () => {
    const { channel } = await addChannel();
    return () => app.owner.api("POST", at(`/alerts/channels/${channel.id}/test`));
  },
  "alert_channel.delete": async () => {
    const { channel } = await addChannel();
    return () => app.owner.api("DELETE", at(`/alerts/channels/${channel.id}`));
  },
  "alert.unsilence": async () => {
    const { id } = await silence();
    return () => app.owner.api("DELETE", at(`/alerts/silences/${id}`));
  },
  "alert.acknowledge": async () => {
    const { rows } = await app.sql.query(
      `insert into alerts (id, check_id, level, found, since, opened_at)
       values (gen_random_uuid(), 'heap', 'warn', '{}', now(), now())
       returning id`,
    );
    return () => app.owner.api("POST", at(`/alerts/${rows[0].id}/acknowledge`));
  },
  "agent.change": async () => {
    const demoted = await app.agent("admin");
    await demoted.api("POST", at("/invitations"), { role: "agent" });
    return () => admin.api("PATCH", at(`/agents/${demoted.me.user.id}`), { role: "agent" });
  },
  "agent.remove": async () => {
    const leaving = await app.agent("admin");
    await leaving.api("POST", at("/invitations"), { role: "agent" });
    return () => admin.api("DELETE", at(`/agents/${leaving.me.user.id}`));
  },
  "canned-reply.change": async () => {
    const { id } = await addReply("bye");
    return () => admin.api("PATCH", at(`/canned-replies/${id}`), { body: "Good bye!" });
  },
  "canned-reply.delete": async () => {
    const { id } = await addReply("old");
    return () => admin.api("DELETE", at(`/canned-replies/${id}`));
  },
  "tag.change": async () => {
    const { id } = await addTag("Bill");
    return () => admin.api("PATCH", at(`/tags/${id}`), { name: "Bills", colour: "#3457d5" });
  },
  "message.delete": async () => {
    const { agent, conversationId } = await app.scene();
    const { message } = await agent.send(conversationId, "My password is hunter2");
    return () => agent.api("DELETE", at(`/conversations/${conversationId}/messages/${message.id}`));
  },
  "message.delete of a visitor": async () => {
    const visitor = await app.visitor();
    const { message } = await visitor.send("My password is hunter2");
    return () => visitor.api("DELETE", `/widget/conversations/${message.conversationId}/messages/${message.id}`);
  },
  "widget.session": async () => {
    const { identitySecret } = await app.owner.api<{ identitySecret: string }>("GET", at("/identity-secret"));
    await app.owner.api("PATCH", at(""), { settings: { carriesThreadOver: true } });
    const visitor = await app.visitor();
    await visitor.send("Hello");
    const key = new TextEncoder().encode(identitySecret);
    const identity = await new SignJWT({ sub: "1" }).setProtectedHeader({ alg: "HS256" }).sign(key);
    const body = { websiteKey: app.website.publicKey, token: visitor.session.token, identity };
    return () => visitor.api("POST", "/widget/session", body);
  },
  "export.create": async () => {
    const { conversationId } = await app.scene();
    const visitorId = await visitorOf(conversationId);
    const scopes = [
      { kind: "month", month: "2026-10" },
      { kind: "conversation", conversationId },
      { kind: "visitor", visitorId },
    ];
    return async () => {
      for (const scope of scopes) await admin.api("POST", at("/exports"), { scope, format: "csv" });
    };
  },
  "export.delete": async () => {
    await app.sql.query("delete from exports"); // those of the scene before
    const scope = { kind: "month", month: "2026-10" };
    const { id } = await admin.api<{ id: string }>("POST", at("/exports"), { scope, format: "csv" });
    return () => admin.api("DELETE", at(`/exports/${id}`));
  },
  "message.restore": async () => {
    const { agent, conversationId } = await app.scene();
    const { message } = await agent.send(conversationId, "Deleted by mistake");
    const path = at(`/conversations/${conversationId}/messages/${message.id}`);
    await agent.api("DELETE", path);
    return () => agent.api("POST", `${path}/restore`);
  },
  "message.restore of a visitor": async () => {
    const visitor = await app.visitor();
    const { message } = await visitor.send("Deleted by mistake");
    const path = `/widget/conversations/${message.conversationId}/messages/${message.id}`;
    await visitor.api("DELETE", path);
    return () => visitor.api("POST", `${path}/restore`);
  },
  "conversation.delete": async () => {
    const { conversationId } = await app.scene();
    return () => admin.api("DELETE", at(`/conversations/${conversationId}`), { reason: "Spam" });
  },
  "conversation.restore": async () => {
    const { conversationId } = await app.scene();
    await admin.api("DELETE", at(`/conversations/${conversationId}`), {});
    return () => admin.api("POST", at(`/conversations/${conversationId}/restore`));
  },
  "visitor.delete": async () => {
    const visitorId = await visitorOf((await app.scene()).conversationId);
    return () => admin.api("DELETE", at(`/visitors/${visitorId}`), { reason: "Spam" });
  },
  "visitor.restore": async () => {
    const visitorId = await visitorOf((await app.scene()).conversationId);
    await admin.api("DELETE", at(`/visitors/${visitorId}`), {});
    return () => admin.api("POST", at(`/visitors/${visitorId}/restore`));
  },
  "visitor.download": async () => {
    const path = at(`/visitors/${await visitorOf((await app.scene()).conversationId)}/data`);
    return () => fetch(`${app.url}/api/v1${path}`, { headers: admin.headers });
  },
  "visitor.correct": async () => {
    const visitorId = await visitorOf((await app.scene()).conversationId);
    return () => admin.api("PATCH", at(`/visitors/${visitorId}`), { name: "Ada" });
  },
  "visitor.restrict": async () => {
    const visitorId = await visitorOf((await app.scene()).conversationId);
    return () => admin.api("POST", at(`/visitors/${visitorId}/restrict`));
  },
  "visitor.unrestrict": async () => {
    const visitorId = await visitorOf((await app.scene()).conversationId);
    await admin.api("POST", at(`/visitors/${visitorId}/restrict`));
    return () => admin.api("POST", at(`/visitors/${visitorId}/unrestrict`));
  },
  "visitor.download of a visitor": async () => {
    const { visitor } = await app.scene();
    return () => fetch(`${app.url}/api/v1/widget/privacy/data`, { headers: visitor.headers });
  },
  "visitor.delete of a visitor": async () => {
    const { visitor } = await app.scene();
    return () => visitor.api("POST", "/widget/privacy/delete");
  },
  "visitor.restore of a visitor": async () => {
    const { visitor } = await app.scene();
    await visitor.api("POST", "/widget/privacy/delete");
    return () => visitor.api("POST", "/widget/privacy/undo");
  },
  "hold.place": async () => {
    const targetId = (await (await app.visitor()).send("Evidence")).conversation.id;
    return () => admin.api("POST", at("/holds"), { targetKind: "conversation", targetId, reason: "A case" });
  },
  "hold.lift": async () => {
    const targetId = (await (await app.visitor()).send("Evidence")).conversation.id;
    await admin.api("POST", at("/holds"), { targetKind: "conversation", targetId, reason: "A case" });
    return () => admin.api("DELETE", at("/holds"), { targetId, reason: "Closed" });
  },
  "tag.delete": async () => {
    const { id } = await addTag("Old");
    return () => admin.api("DELETE", at(`/tags/${id}`));
  },
};
/** In the log of another website: their own tests are below. */
const elsewhere = [
  "setup.complete",
  "website.create",
  "website.delete",
  "website.restore",
  "backup.run",
  "backup.download",
];

const audited = commands.filter(command => command.audit && !elsewhere.includes(command.name));

const named = audited.map(
  ({ name, access, audit }) => [access === "visitor" ? `${name} of a visitor` : name, audit!] as const,
);

test.each(named)("%s writes what it declares, and its page shows who and from where", async (name, declared) => {
  const entries = await entriesOf(scenes[name] ?? (await prepared[name]!()));
  expect(entries.map(({ action }) => action)).toEqual(declared);
  for (const { actor, ip } of entries) {
    const isVisitor = name.endsWith("of a visitor") || name === "widget.session";
    expect({ actor, ip }).toEqual({
      actor: {
        kind: isVisitor ? "visitor" : "user",
        id: expect.any(String),
        name: isVisitor ? "" : expect.stringMatching(/^\w/),
      },
      ip: isVisitor ? null : "127.0.0.0/24",
    });
  }
});

/** Recorded by the command line, by a job, or by a command that is refused. */
const others: AuditAction[] = [
  "account.sign_in_failed",
  "account.password_reset",
  "conversation.purged",
  "visitor.purged",
  "website.purged",
  "message.purged",
  "conversation.expired",
  "visitor.expired",
  "website.imported",
  "operator.added",
  "operator.removed",
  "backup.made",
  "backup.restored",
  "database.migrated",
  "database.migration_undone",
];

test("every action is declared by a command, and every change by an admin is audited", () => {
  const declared = commands.flatMap(({ audit }) => audit ?? []);
  expect([...new Set([...declared, ...others])].sort()).toEqual([...auditActions].sort());
  const unaudited = commands.filter(
    ({ access, http, audit }) => (access === "admin" || access === "owner") && http?.method !== "GET" && !audit,
  );
  expect(unaudited.map(({ name }) => name)).toEqual([]);
});

test("a website's log begins with its creation, or with the server's set-up", async () => {
  const first = await app.sql.query("select action, actor_name, target_name from audit_log order by id limit 2");
  expect(first.rows).toEqual([
    { action: "website.set_up", actor_name: "Olga Owner", target_name: "Shop" },
    { action: "account.signed_in", actor_name: "Olga Owner", target_name: null },
  ]);
  const made = { name: "Library", allowedOrigins: ["https://library.example"] };
  const { id } = await app.owner.api<{ id: number }>("POST", "/websites", made);
  const { entries } = await app.owner.api<AuditPage>("GET", `/websites/${id}/audit`);
  expect(entries.map(({ action, target }) => [action, target?.name])).toEqual([["website.created", "Library"]]);
  await app.sql.query("delete from websites where id = $1", [id]);
});

test("an entry says what was changed, from what to what, with the names of that time", async () => {
  const change = { name: "Shop 2", settings: { colour: "#3457d5", replyTime: "Within a day." } };
  const [changed] = await entriesOf(() => admin.api("PATCH", at(""), change));
  expect(changed).toMatchObject({
    actor: { name: admin.me.user.name },
    target: { kind: "website", id: String(app.website.id), name: "Shop" },
    details: {
      fields: ["name", "replyTime"],
      from: { name: "Shop", replyTime: app.website.settings.replyTime },
      to: { name: "Shop 2", replyTime: "Within a day." },
    },
  });
  await admin.api("PATCH", at(`/agents/${ben.me.user.id}`), { role: "admin" });
  const role = await entriesOf(() => admin.api("PATCH", at(`/agents/${ben.me.user.id}`), { role: "agent" }));
  expect(role).toMatchObject([
    { target: { kind: "agent", id: ben.me.user.id, name: ben.me.user.name }, details: { from: "admin", to: "agent" } },
  ]);
  await app.sql.query("update users set name = 'Benjamin' where id = $1", [ben.me.user.id]);
  expect((await read()).entries[0]!.target!.name).toBe(ben.me.user.name);
});

test("what changes nothing has no entry", async () => {
  const { id } = await addTag("Same");
  const entries = await entriesOf(async () => {
    await admin.api("PATCH", at(""), { name: "Shop 2" });
    await admin.api("PATCH", at(`/agents/${ben.me.user.id}`), { role: "agent" });
    await admin.api("PATCH", at(`/tags/${id}`), { name: "Same" });
    await admin.call("DELETE", at("/invitations/00000000-0000-7000-8000-000000000000"));
    await admin.call("PATCH", at(`/agents/${app.owner.me.user.id}`), { role: "agent" });
  });
  expect(entries).toEqual([]);
});

test("no secret, password, token or text of a message is in the log", async () => {
  const { identitySecret } = await app.owner.api<{ identitySecret: string }>("POST", at("/identity-secret"));
  const { token } = await invite();
  const { rows } = await app.sql.query("select * from audit_log");
  for (const secret of [identitySecret, token.slice(token.indexOf("-") + 1), admin.account.password, "hunter2"]) {
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
});

test("a failed sign-in names the account to its websites, and an unknown address to none of them", async () => {
  const fail = (email: string) => ben.call("POST", "/sign-in", { email, password: "wrong one here" });
  const entries = await entriesOf(async () => {
    await fail(ben.account.email);
    await fail("somebody.else@mail.example");
  });
  expect(entries).toMatchObject([
    {
      action: "account.sign_in_failed",
      actor: { kind: "unknown", id: null, name: "" },
      target: { kind: "account", id: ben.me.user.id },
      details: { email: ben.account.email },
    },
  ]);
  const { rows } = await app.sql.query("select details, target_id from audit_log where website_id = 0");
  expect(rows).toEqual([{ details: { email: "s…@mail.example" }, target_id: null }]);
});

test("a sign-in whose entry cannot be written gives no session", async () => {
  await app.sql.query("alter table audit_log add constraint broken check (action <> 'account.signed_in') not valid");
  const { status, headers } = await ben.call("POST", "/sign-in", ben.account);
  await app.sql.query("alter table audit_log drop constraint broken");
  expect(status).toBeGreaterThanOrEqual(400);
  expect(headers.getSetCookie()).toEqual([]);
});

test("pages hold every entry once, newest first, also while entries are added", async () => {
  for (let i = 0; i < 5; i++) await showSecret();
  const all = await readAll();
  const paged: AuditEntry[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: AuditPage = await read({ limit: "3", ...(cursor && { cursor }) });
    paged.push(...page.entries);
    cursor = page.nextCursor;
    await showSecret();
  }
  expect(paged).toEqual(all);
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
});

/** The scenes above leave more entries than a page has. */
async function readAll(query: Record<string, string> = {}): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: AuditPage = await read({ ...query, limit: "100", ...(cursor && { cursor }) });
    all.push(...page.entries);
    cursor = page.nextCursor;
  }
  return all;
}

test("a page can be filtered by person, action, or both", async () => {
  const all = await readAll();
  const by = (actorId: string, action?: AuditAction) =>
    all.filter(entry => entry.actor.id === actorId && (!action || entry.action === action));
  const actorId = admin.me.user.id;
  expect(await readAll({ actorId })).toEqual(by(actorId));
  expect((await read({ action: "tag.created" })).entries).toEqual(by(actorId, "tag.created"));
  expect((await read({ actorId, action: "website.changed" })).entries).toEqual(by(actorId, "website.changed"));
  await expect(read({ cursor: "guessed" })).rejects.toMatchObject({ code: "invalid_cursor" });
  await expect(read({ action: "guessed" })).rejects.toMatchObject({ code: "invalid_request" });
});

test("agents are refused, and another website does not see the log", async () => {
  await ben.signIn();
  expect(await ben.call("GET", at("/audit"))).toMatchObject({ status: 403, body: { error: { code: "forbidden" } } });
  const { owner: stranger, website } = await app.otherWebsite();
  expect(await stranger.call("GET", at("/audit"))).toMatchObject({ status: 404 });
  const { entries } = await stranger.api<AuditPage>("GET", `/websites/${website.id}/audit`);
  expect(JSON.stringify(entries)).not.toContain(ben.me.user.id);
});

test("entries are deleted by their age", async () => {
  const { db, close } = connect({ url: app.databaseUrl, poolSize: 1, onError: () => {} });
  const all = (await read({ limit: "100" })).entries;
  await app.sql.query(
    `insert into audit_log (website_id, id, at, actor_kind, actor_name, action)
     select $1, uuid_floor(now() - interval '400 days'), now() - interval '400 days', 'system', '', 'database.migrated'`,
    [app.website.id],
  );
  expect(await expireEntries(db, new Date(Date.now() - 365 * 86_400_000))).toBe(1);
  expect(await expireEntries(db, new Date())).toBe(0);
  await close();
  expect((await read({ limit: "100" })).entries).toEqual(all);
});

test("a page reads only its own entries, however many there are", async () => {
  const client = new pg.Client(app.databaseUrl);
  await client.connect();
  try {
    await client.query("begin");
    // Of each 100 entries one is of the action or the person that is asked for.
    await client.query(
      `insert into audit_log (website_id, id, at, actor_kind, actor_id, actor_name, action)
       select $1 + n % 3, gen_random_uuid(), now(), 'user',
         case when n % 100 = 0 then $2::uuid else gen_random_uuid() end, 'Ana',
         case when n % 100 = 1 then 'website.secret_shown' else 'account.signed_in' end
       from generate_series(1, 100000) as n`,
      [app.website.id, admin.me.user.id],
    );
    await client.query("analyze audit_log");
    const sample = { ...(await findSample(client)), websiteId: app.website.id, agentId: admin.me.user.id };
    for (const proof of [...listEntries.definition.proofs, ...listEntriesSince.definition.proofs]) {
      for (const plans of ["custom", "generic"] as const) {
        const { problems, indexes, sequential } = await checkProof(client, proof, sample, { plans });
        expect({ proof: proof.name, plans, problems, indexes, sequential }).toEqual({
          proof: proof.name,
          plans,
          problems: [],
          indexes: proof.indexes,
          sequential: [],
        });
      }
    }
  } finally {
    await client.end();
  }
});
