import { expect, test } from "vitest";
import { splitStatements, tokensOf } from "./statements.ts";

test("statements are split as PostgreSQL splits them, also around function bodies and after two-byte characters", async () => {
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

test("a mark belongs only to the statement below it", async () => {
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

test("an empty reason for a long lock does not count", async () => {
  const [statement] = await splitStatements("-- Allow long lock:\nupdate a set b = 1");
  expect(statement).toMatchObject({ longLockReason: null });
});

test("wrong syntax is reported with its line", async () => {
  await expect(splitStatements("select 1;\nselect 2;\ncreate tabel things ()", 5)).rejects.toThrow(
    /^line 7: .*syntax error.*tabel/,
  );
});

test("comments alone are no statement", async () => {
  expect(await splitStatements("\n-- Nothing to take back.\n")).toEqual([]);
});

test("tokens are positioned in characters, and comments are not tokens", async () => {
  const text = `update "täble" /* ö */ set a = 'ü' where b`;
  const tokens = await tokensOf(text);
  expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual(tokens.map(token => token.text));
  expect(tokens.map(token => token.text)).toEqual(["update", '"täble"', "set", "a", "=", "'ü'", "where", "b"]);
});
