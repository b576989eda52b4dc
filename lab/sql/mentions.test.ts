import { expect, test } from "vitest";
import { findMentions } from "./mentions.ts";

test.each([
  ["select 1 from conversations c where c.deleted_at is null", [["conversations", true]]],
  ["select 1 from conversations where deleted_at < now()", [["conversations", true]]],
  [
    "select 1 from conversations c join messages m using (id) where c.deleted_at is null",
    [
      ["conversations", true],
      ["messages", false],
    ],
  ],
  [
    "select 1 from conversations join messages using (id) where deleted_at is null",
    [
      ["conversations", false],
      ["messages", false],
    ],
  ],
  [
    "select 1 from (select * from messages_2026_11 m where m.deleted_at is null) m join users u on true",
    [
      ["users", false],
      ["messages", true],
    ],
  ],
  ["with c as (delete from visitors v returning v.id) select id from c", [["visitors", false]]],
  ["insert into visitors (id) select id from users", [["users", false]]],
  [
    "insert into visitors as v (id) values ($1) on conflict (id) do update set name = excluded.name",
    [["visitors", false]],
  ],
  ["lock table users in share mode", [["users", false]]],
])("%s", async (text, expected) => {
  const mentions = await findMentions(text);
  expect(mentions.map(({ table, columns }) => [table, columns.includes("deleted_at")])).toEqual(expected);
});
