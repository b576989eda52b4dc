import { expect, test } from "vitest";
import { none, raw, sql } from "./sql.ts";

const find = (id: number, more = none) =>
  sql`select * from ${raw("messages_2026_11")} where id = ${id} ${more} limit ${1}`;

test("parameters are numbered in their order, with those of fragments", () => {
  expect(find(7, sql`and (seq, body) > (${3}, ${"a"})`).statement()).toMatchObject({
    text: "select * from messages_2026_11 where id = $1 and (seq, body) > ($2, $3) limit $4",
    values: [7, 3, "a", 1],
  });
  expect(find(7).statement()).toMatchObject({ text: expect.stringContaining("id = $1  limit $2"), values: [7, 1] });
});

test("the same pieces make the same text and name; a parameter in place of a fragment makes another one", () => {
  expect(find(1).statement()).toEqual({ ...find(2).statement(), values: [1, 1] });
  const pair = (a: unknown, b: unknown) => sql`${a}, ${b}`.statement();
  expect(pair(none, 1)).toMatchObject({ text: ", $1", values: [1] });
  expect(pair(1, none)).toMatchObject({ text: "$1, ", values: [1] });
});

test("a user's input is always a value, whatever it looks like", () => {
  expect(sql`select ${"'; drop table users"}`.statement()).toMatchObject({
    text: "select $1",
    values: ["'; drop table users"],
  });
});
