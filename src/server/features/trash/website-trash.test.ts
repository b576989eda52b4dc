import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { websiteTables } from "#database/tenant-tables.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { runCli } from "#lab/programs/programs.ts";
import { allIndexed } from "#lab/search/all-indexed.ts";
import type { Me } from "#protocol/accounts.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { DeletedWebsites } from "#protocol/trash.ts";
import type { Website } from "#protocol/websites.ts";
import { purgeTrash } from "./purge.ts";

let app: App;
let agent: AgentClient;
beforeAll(async () => {
  app = await startApp();
  agent = await app.agent();
});
afterAll(() => app.stop());

type Scene = { owner: AgentClient; website: Website };
const remove = ({ owner, website }: Scene, name = website.name, as = owner) =>
  as.api<null>("DELETE", `/websites/${website.id}`, { name, reason: "Closed" });
const restore = ({ owner, website }: Scene, as = owner) =>
  as.api<null>("POST", `/deleted-websites/${website.id}/restore`, {});
const listDeleted = async (as: AgentClient) => (await as.api<DeletedWebsites>("GET", "/deleted-websites")).websites;
const undo = (...args: string[]) =>
  runCli(["undo", ...args], { env: { DATABASE_URL: app.databaseUrl, DATA_DIR: makeFolder() } });

/** A website of another owner, with a visitor who has written. */
async function scene() {
  const { owner, website } = (await app.otherWebsite()) as unknown as Scene;
  const visitor = await app.visitor({ websiteKey: website.publicKey });
  const { conversation } = await visitor.send("Hello");
  await owner.api("POST", `/websites/${website.id}/tags`, { name: "Refund", colour: "#3457d5" });
  await allIndexed(app.sql);
  return { owner, website, visitor, conversationId: conversation.id };
}

/** A hash of each table's rows of a website. */
async function hashes(websiteId: number) {
  const found: Record<string, unknown> = {};
  for (const table of websiteTables) {
    const { rows } = await app.sql.query(
      `select count(*)::integer as rows, md5(string_agg(t::text, ',' order by t::text)) as hash from ${table} t
       where website_id = $1`,
      [websiteId],
    );
    found[table] = rows[0];
  }
  return found;
}

async function purge() {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  try {
    return await purgeTrash(connection.db);
  } finally {
    await connection.close();
  }
}

const deletedDaysAgo = (websiteId: number, days: number) =>
  app.sql.query("update websites set deleted_at = now() - make_interval(days => $2) where id = $1", [websiteId, days]);

test("a deleted website is gone for its widget and its agents at once, and comes back whole", async () => {
  const here = await scene();
  const { owner, website, visitor, conversationId } = here;
  const [agents, theirs] = [await owner.socket(), await visitor.socket()];
  await eventually(async () => {
    const { rows } = await app.sql.query("select page_title from visitors where website_id = $1", [website.id]);
    expect(rows).toEqual([{ page_title: "Bikes" }]);
  });
  const [before, inbox] = [await hashes(website.id), await owner.api<Inbox>("GET", `/websites/${website.id}/inbox`)];

  await remove(here);
  await agents.event("memberships.changed");
  expect(await theirs.closed).toMatchObject({ reason: "session_expired" });
  expect((await owner.api<Me>("GET", "/me")).websites).toEqual([]);
  for (const refused of [
    () => owner.api("GET", `/websites/${website.id}/inbox`),
    () => agents.command("message.list", { websiteId: website.id, conversationId }),
    () => visitor.api("GET", `/widget/websites/${website.publicKey}`),
    () => app.visitor({ websiteKey: website.publicKey }),
  ]) {
    await expect(refused()).rejects.toMatchObject({ code: "not_found" });
  }
  await expect(visitor.send("Anybody?", { conversationId })).rejects.toMatchObject({ code: "session_expired" });
  expect(await hashes(website.id)).toEqual(before);
  expect(await listDeleted(owner)).toMatchObject([
    { id: website.id, name: website.name, reason: "Closed", deletedByName: owner.me.user.name },
  ]);

  await restore(here);
  expect(await hashes(website.id)).toEqual(before);
  expect(await owner.api<Inbox>("GET", `/websites/${website.id}/inbox`)).toEqual(inbox);
  expect(await agents.command("message.list", { websiteId: website.id, conversationId })).toMatchObject({
    messages: [{ body: "Hello" }],
  });
  expect((await visitor.send("Still here", { conversationId })).conversation.id).toBe(conversationId);
  expect(await listDeleted(owner)).toEqual([]);
  await agents.close();
});

test("only an owner deletes a website, by typing its name, and brings it back", async () => {
  const here = await scene();
  const { website, owner } = here;
  await expect(remove(here, "Another name")).rejects.toMatchObject({ status: 409, code: "conflict" });
  await expect(remove(here, website.name, app.owner)).rejects.toMatchObject({ status: 404 });
  const admin = await app.agent("admin");
  const mine = { owner: app.owner, website: app.website as unknown as Website };
  await expect(remove(mine, app.website.name, admin)).rejects.toMatchObject({ status: 403 });
  await remove(here);
  for (const stranger of [app.owner, agent]) {
    await expect(restore(here, stranger)).rejects.toMatchObject({ status: 404 });
    expect(await listDeleted(stranger)).toEqual([]);
  }
  // Who has deleted their last website may add another one.
  const added = await owner.api<Website>("POST", "/websites", {
    name: "Next",
    allowedOrigins: ["https://next.example"],
  });
  expect((await owner.api<Me>("GET", "/me")).websites.map(({ id }) => id)).toEqual([added.id]);
  await restore(here);
  const { entries } = await owner.api<{ entries: { action: string; details: object }[] }>(
    "GET",
    `/websites/${website.id}/audit`,
  );
  expect(entries.slice(0, 2)).toMatchObject([
    { action: "website.restored" },
    { action: "website.deleted", details: { reason: "Closed" } },
  ]);
});

test("prochat undo lists a deleted website and brings it back, at once for its agents", async () => {
  const here = await scene();
  const socket = await here.owner.socket();
  await remove(here);
  await socket.event("memberships.changed");
  socket.events.length = 0;
  expect((await undo()).stdout).toMatch(new RegExp(`website {7}${here.website.id} {2}until .* Closed`));
  expect(await undo(String(here.website.id))).toMatchObject({ code: 0, stdout: "The website is back.\n" });
  await socket.event("memberships.changed");
  await here.owner.api("GET", `/websites/${here.website.id}/inbox`);
  expect(await undo(String(here.website.id))).toMatchObject({ code: 1 });
  await socket.close();
});

test(`after ${limits.undoDays} days every row of every table goes, and no row of another website`, async () => {
  const gone = await scene();
  const kept = await scene();
  const before = await hashes(kept.website.id);
  await remove(gone);
  await deletedDaysAgo(gone.website.id, limits.undoDays + 1);
  await expect(restore(gone)).rejects.toMatchObject({
    status: 404,
    message: expect.stringMatching(/This website went for good on \d{4}-\d\d-\d\d, 30 days after/),
  });
  expect(await listDeleted(gone.owner)).toEqual([]);
  expect(await hashes(gone.website.id)).toMatchObject({ message_search: { rows: 1 } });
  expect(await purge()).toMatchObject({ websites: 1 });
  for (const [table, { rows }] of Object.entries((await hashes(gone.website.id)) as Record<string, { rows: number }>)) {
    expect({ table, rows }).toEqual({ table, rows: 0 });
  }
  const { rows } = await app.sql.query("select from websites where id = $1", [gone.website.id]);
  expect(rows).toEqual([]);
  expect(await hashes(kept.website.id)).toEqual(before);
  expect(await undo(String(gone.website.id))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`went for good on ${new Date().toISOString().slice(0, 10)}`),
  });
  const audit = await app.sql.query("select action from audit_log where website_id = $1 order by id", [
    gone.website.id,
  ]);
  expect(audit.rows.at(-1)).toEqual({ action: "website.purged" });
});

test("a purge that ended in the middle of a website goes on", async () => {
  const here = await scene();
  await remove(here);
  await deletedDaysAgo(here.website.id, limits.undoDays + 1);
  // As after kill -9: the messages are gone, the rest is there.
  await app.sql.query("delete from messages where website_id = $1", [here.website.id]);
  expect(await purge()).toMatchObject({ websites: 1 });
  expect(Object.values(await hashes(here.website.id))).toEqual(websiteTables.map(() => ({ rows: 0, hash: null })));
  expect(await purge()).toMatchObject({ websites: 0 });
});

test("a website in which something is held stays until the hold ends", async () => {
  const here = await scene();
  const hold = { targetKind: "conversation", targetId: here.conversationId, reason: "A case" };
  await here.owner.api("POST", `/websites/${here.website.id}/holds`, hold);
  await remove(here);
  await deletedDaysAgo(here.website.id, limits.undoDays + 1);
  const before = await hashes(here.website.id);
  expect(await purge()).toMatchObject({ websites: 0 });
  expect(await hashes(here.website.id)).toEqual(before);
  await app.sql.query("delete from holds where website_id = $1", [here.website.id]);
  expect(await purge()).toMatchObject({ websites: 1 });
});
