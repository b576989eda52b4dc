import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { clearUnreadFlags } from "./unread-flags.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const flagOf = async (conversationId: string) => {
  const { rows } = await app.sql.query("select may_have_unread from conversations where id = $1", [conversationId]);
  return rows[0].may_have_unread;
};

const unread = async () =>
  (await app.owner.api<{ all: number }>("GET", `/websites/${app.website.id}/inbox/counts`)).all;

test("what is unread is counted at once; the flag for the index is cleared later", async () => {
  const connection = connect({ url: app.databaseUrl, poolSize: 1, onError: () => undefined });
  const clear = () => clearUnreadFlags(connection.db);
  const [read, waiting] = await Promise.all(
    ["Hello", "Good evening"].map(async body => (await (await app.visitor()).send(body)).conversation.id),
  );
  expect(await Promise.all([flagOf(read!), flagOf(waiting!), unread()])).toEqual([true, true, 2]);

  await app.owner.act(read!, "read", { seq: 99 });
  expect(await Promise.all([flagOf(read!), unread()])).toEqual([true, 1]);

  expect(await clear()).toBe(1);
  expect(await Promise.all([flagOf(read!), flagOf(waiting!), unread()])).toEqual([false, true, 1]);
  expect(await clear()).toBe(0);
  await connection.close();
});

test("no index of conversations holds a column that each message or each read mark changes", async () => {
  const { rows } = await app.sql.query(`
    select distinct a.attname as column
    from pg_index i
    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
    where i.indrelid = 'conversations'::regclass
    order by 1`);
  // These change once in five minutes, when an agent acts, or not at all.
  expect(rows.map(row => row.column)).toEqual([
    "assignee_id",
    "changed_at",
    "deleted_at",
    "deleted_with_visitor",
    "id",
    "last_message_bucket",
    "may_have_unread",
    "status",
    "visitor_id",
    "website_id",
  ]);
});
