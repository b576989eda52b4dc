import { expect, test } from "vitest";
import { splitStatements } from "#database/migrations/sql/statements.ts";
import { findLongLocks } from "./long-locks.ts";

const rewrites = "rewrites the table";
const reads = "reads the whole table and blocks writes meanwhile";
const index = "blocks writes until the index is built";
const builds = "builds an index and blocks writes meanwhile";

test.each([
  ["alter table t alter column c type bigint", [rewrites]],
  ["alter table t add column c text", []],
  ["alter table t add column c integer not null default 0", []],
  ["alter table t add column c jsonb not null default '{}'::jsonb", []],
  ["alter table t add column c text[] not null default array['a', 'b']", []],
  ["alter table t add column c timestamptz not null default now()", []],
  ["alter table t add column c date default current_date", []],
  ["alter table t add column c uuid default gen_random_uuid()", [rewrites]],
  ["alter table t add column c timestamptz default clock_timestamp()", [rewrites]],
  ["alter table t add column c timestamptz default now() + random() * interval '1 day'", [rewrites]],
  ["alter table t add column c integer generated always as identity", [rewrites]],
  ["alter table t add column c bigserial", [rewrites]],
  ["alter table t add column c integer generated always as (a + b) stored", [rewrites]],
  ["alter table t add column c integer check (c > 0)", [reads]],
  ["alter table t add column c integer unique", [builds]],
  ["alter table t add column c integer references o (id)", []],
  ["alter table t add column c integer default 1 references o (id)", [reads]],
  ["alter table t add column a text, alter column b type text, alter column c set not null", [rewrites, reads]],
  ["alter table t alter column c set not null", [reads]],
  ["alter table t alter column c drop not null", []],
  ["alter table t alter column c set default 1", []],
  ["alter table t drop column c", []],
  ["alter table t drop constraint c", []],
  ["alter table t add constraint c check (a > 0)", [reads]],
  ["alter table t add constraint c check (a > 0) not valid", []],
  ["alter table t add constraint c foreign key (a) references o (id)", [reads]],
  ["alter table t add constraint c foreign key (a) references o (id) not valid", []],
  ["alter table t validate constraint c", ["reads the whole table while the migration holds its locks"]],
  ["alter table t add primary key (a)", [builds]],
  ["alter table t add unique (a)", [builds]],
  ["alter table t add primary key using index i", []],
  ["alter table t add exclude using gist (a with &&)", [builds]],
  ["alter table t set unlogged", ["rewrites the table"]],
  ["alter table t set (fillfactor = 80)", []],
  ["alter table t set tablespace s", [rewrites]],
  ["alter table t attach partition p for values in (1)", [reads]],
  ["alter index i attach partition p", []],
  ["create index i on t (a)", [index]],
  ["create unique index i on only t (a)", [index]],
  ["create index concurrently i on t (a)", []],
  ["drop index i", ["waits for readers to finish, and blocks all later queries of the table"]],
  ["drop index concurrently i", []],
  ["drop table t", []],
  ["update t set a = 1 where b", ["locks every row until the last is changed"]],
  ["-- Backfill\nupdate t set a = 1 where b", []],
  ["delete from t", ["locks every row until the last is deleted"]],
  ["merge into t using o on t.id = o.id when matched then delete", ["locks every row until the last is changed"]],
  ["insert into t values (1)", []],
  ["cluster t using i", [rewrites]],
  ["vacuum full t", [rewrites]],
  ["vacuum (full, analyze) t", [rewrites]],
  ["vacuum (full false) t", []],
  ["analyze t", []],
  ["reindex table t", [index]],
  ["lock table t, o", Array(2).fill("blocks the table until the migration is committed")],
  ["do $$ begin update t set a = 1; end $$", ["cannot be checked"]],
  ["create table n (id integer primary key, a integer check (a > 0))", []],
  ["create or replace function f() returns integer language sql return 1", []],
])("%s: %j", async (sql, reasons) => {
  const [statement] = await splitStatements(sql);
  expect(findLongLocks(statement!, true).map(({ why }) => why)).toEqual(reasons);
});

test("validating a constraint is harmless in a statement of its own", async () => {
  const [statement] = await splitStatements("alter table t validate constraint c");
  expect(findLongLocks(statement!, false)).toEqual([]);
});

test("the table is named as the statement names it, with what to write instead", async () => {
  const [statement] = await splitStatements("alter table chat.t alter column c set not null");
  expect(findLongLocks(statement!, true)).toEqual([
    {
      table: expect.objectContaining({ schemaname: "chat", relname: "t" }),
      why: reads,
      instead: 'a check (c is not null) first, added "not valid" and then validated',
      notNullColumn: "c",
    },
  ]);
});
