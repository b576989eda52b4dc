import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Connection, connect } from "#database/connect.ts";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { openPool } from "#lab/sql/pool.ts";
import { createBus } from "#server/realtime/bus.ts";
import type { AuditRecord } from "./audit-record.ts";
import { transact } from "./transact.ts";

let database: TestDatabase;
let connection: Connection;
let sql: pg.Pool;
beforeAll(async () => {
  database = await cloneDatabase();
  connection = connect({ url: database.url, poolSize: 2, onError: () => {} });
  sql = openPool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await connection.close();
  await sql.end();
  await database.drop();
});

const bus = createBus(null);
let published: unknown[];
beforeEach(async () => {
  published = [];
  await sql.query("alter table audit_log disable trigger user");
  await sql.query("truncate audit_log, websites cascade");
  await sql.query("alter table audit_log enable trigger user");
});
bus.subscribe("user:ana", event => published.push(event));

const by = {
  user: { id: "019ad0d4-2f30-7000-8000-000000000001", name: "Ana", email: "ana@shop.example" },
  source: { ip: "192.0.2.1", userAgent: "Browser 1" },
};
const record: AuditRecord<"tag.created"> = {
  websiteId: 7,
  action: "tag.created",
  target: { kind: "tag", id: "t", name: "Refund" },
};
const insertWebsite = (tx: Connection["db"]) =>
  tx
    .insertInto("websites")
    .values({ name: "Shop", public_key: "k", identity_secret: "s", allowed_origins: [] })
    .execute();
const readEntries = async () => (await sql.query("select * from audit_log order by id")).rows;
const countWebsites = async () => (await sql.query("select count(*)::integer as n from websites")).rows[0].n;

test("an action, its entry and its event come together", async () => {
  await transact({ bus }, connection.db, async (tx, events) => {
    events.publish("user:ana", "memberships");
    events.audit(by, record);
    await insertWebsite(tx);
    expect(published).toEqual([]);
  });
  expect(published).toEqual(["memberships"]);
  expect(await countWebsites()).toBe(1);
  const [entry] = await readEntries();
  expect(entry).toMatchObject({
    website_id: 7,
    actor_kind: "user",
    actor_id: by.user.id,
    actor_name: "Ana",
    action: "tag.created",
    target_kind: "tag",
    target_id: "t",
    target_name: "Refund",
    details: {},
    ip: "192.0.2.1",
    user_agent: "Browser 1",
  });
  expect(entry.id.replace("-", "").slice(0, 12)).toBe(entry.at.getTime().toString(16).padStart(12, "0"));
});

test("a transaction that fails leaves neither entry nor event", async () => {
  const failing = transact({ bus }, connection.db, async (tx, events) => {
    events.publish("user:ana", "memberships");
    events.audit(by, record);
    await insertWebsite(tx);
    throw new Error("changed its mind");
  });
  await expect(failing).rejects.toThrow("changed its mind");
  expect(published).toEqual([]);
  expect(await countWebsites()).toBe(0);
  expect(await readEntries()).toEqual([]);
});

test("an entry that cannot be written undoes its action", async () => {
  const failing = transact({ bus }, connection.db, async (tx, events) => {
    events.publish("user:ana", "memberships");
    events.audit({ ...by, source: { ip: "no\0address", userAgent: null } }, record);
    await insertWebsite(tx);
  });
  await expect(failing).rejects.toThrow();
  expect(published).toEqual([]);
  expect(await countWebsites()).toBe(0);
});

test("a process that ends right after the commit leaves the entry", async () => {
  const dying = {
    ...bus,
    publish() {
      throw new Error("the process ends here");
    },
  };
  const ended = transact({ bus: dying }, connection.db, async (tx, events) => {
    events.publish("user:ana", "memberships");
    events.audit(by, record);
    await insertWebsite(tx);
  });
  await expect(ended).rejects.toThrow("the process ends here");
  expect(await countWebsites()).toBe(1);
  expect(await readEntries()).toHaveLength(1);
});

test("of a visitor only the id is stored", async () => {
  const visitor = { websiteId: 7, visitorId: by.user.id, externalId: "42", name: "Vera", email: "vera@home.example" };
  await transact({ bus }, connection.db, async (_tx, events) =>
    events.audit({ visitor, source: by.source }, { ...record, target: null }),
  );
  const [entry] = await readEntries();
  expect(entry).toMatchObject({ actor_kind: "visitor", actor_id: visitor.visitorId, actor_name: "", ip: null });
  expect(JSON.stringify(entry)).not.toMatch(/Vera|vera@|192\.0\.2\.1|Browser/);
});

test.each(["update audit_log set actor_name = 'Ben'", "delete from audit_log", "truncate audit_log"])(
  "the database refuses: %s",
  async statement => {
    await transact({ bus }, connection.db, async (_tx, events) => events.audit(by, record));
    await expect(sql.query(statement)).rejects.toThrow(/audit_log is append-only: \w+ is refused/);
    expect(await readEntries()).toHaveLength(1);
  },
);

test("entries are deleted by their age, and never within 30 days", async () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  for (const age of [0, 29, 31, 400]) {
    await sql.query(
      `insert into audit_log (website_id, id, at, actor_kind, actor_name, action)
       values (7, uuid_floor($1), $1, 'system', $2, 'tag.created')`,
      [days(age), String(age)],
    );
  }
  const expire = async (olderThan: Date) =>
    (await sql.query("select expire_audit_entries($1) as n", [olderThan])).rows[0].n;
  expect(await expire(days(365))).toBe(1);
  expect(await expire(days(0))).toBe(1);
  expect((await readEntries()).map(entry => entry.actor_name)).toEqual(["29", "0"]);
  await expect(sql.query("delete from audit_log")).rejects.toThrow(/append-only/);
});
