import { expect, test } from "vitest";
import { splitStatements, tokensOf } from "./statements.ts";

test("statements are split where PostgreSQL splits them, also around the body of a function and after letters of two bytes", async () => {
  const statements = await splitStatements(
    `-- Ünïcödé; with a semicolon
create function f() returns text language plpgsql as $$
begin
  return 'ä;'; -- not an end
end $$;

select 'é;' as "ö;"; drop table things`,
    10,
  );
  expect(statements.map(({ text, line }) => [line, text.split("\n")[0]])).toEqual([
    [11, "create function f() returns text language plpgsql as $$"],
    [16, `select 'é;' as "ö;"`],
    [16, "drop table things"],
  ]);
});

test("a mark belongs to the statement below it, and to no other", async () => {
  const statements = await splitStatements(`
    -- Backfill
    update a set b = 1;
    -- Why it is so.
    -- Allow long lock: the table is empty on every installation
    update a set b = 2;
    update a set b = 3 -- Backfill
    ;
    select '
-- Backfill
';
    update a set b = 4;`);
  expect(statements.map(({ isBackfill }) => isBackfill)).toEqual([true, false, false, false, false]);
  expect(statements.map(({ longLockReason }) => longLockReason)).toEqual([
    null,
    "the table is empty on every installation",
    null,
    null,
    null,
  ]);
});

test("a reason for a long lock that is none does not count", async () => {
  const [statement] = await splitStatements("-- Allow long lock:\nupdate a set b = 1");
  expect(statement).toMatchObject({ longLockReason: null });
});

test("wrong syntax is told with its line", async () => {
  await expect(splitStatements("select 1;\nselect 2;\ncreate tabel things ()", 5)).rejects.toThrow(
    /^line 7: .*syntax error.*tabel/,
  );
});

test("nothing but comments is no statement", async () => {
  expect(await splitStatements("\n-- Nothing to take back.\n")).toEqual([]);
});

test("tokens are counted in characters, and comments are none", async () => {
  const text = `update "täble" /* ö */ set a = 'ü' where b`;
  const tokens = await tokensOf(text);
  expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual(tokens.map(token => token.text));
  expect(tokens.map(token => token.text)).toEqual(["update", '"täble"', "set", "a", "=", "'ü'", "where", "b"]);
});
