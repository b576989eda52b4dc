import { expect, test } from "vitest";
import { checkHistories, type History, isFlawless } from "./check.ts";

const acknowledged = (...keys: string[]) => keys.map(key => ({ key, isAcknowledged: true }));

/** A conversation in which the visitor wrote v1, v2 and v3, the agent a1. */
const history: History = {
  conversation: "c",
  sent: { visitor: acknowledged("v1", "v2", "v3"), agent: acknowledged("a1") },
  received: { visitor: ["v1", "v2", "v3"], agent: ["a1"] },
};

function check(stored: string[], received: Partial<History["received"]> = {}, sent: Partial<History["sent"]> = {}) {
  const bodies = stored.map(key => `${key} and some words`);
  const mine = { ...history, sent: { ...history.sent, ...sent }, received: { ...history.received, ...received } };
  return checkHistories([{ conversation: "c", bodies }], [mine]);
}

const flawless = { stored: 4, lost: 0, doubled: 0, unordered: 0, undelivered: 0, misdelivered: 0 };

test("messages that were acknowledged, stored once in order, and received are flawless", () => {
  const verdict = check(["v1", "a1", "v2", "v3"]);
  expect(verdict).toEqual(flawless);
  expect(isFlawless(verdict)).toBe(true);
});

test("a message that was never acknowledged may be stored or not", () => {
  const unsure = { visitor: [...acknowledged("v1", "v2", "v3"), { key: "v4", isAcknowledged: false }] };
  expect(check(["v1", "a1", "v2", "v3"], {}, unsure)).toEqual(flawless);
  const received = { visitor: ["v1", "v2", "v3", "v4"] };
  expect(check(["v1", "a1", "v2", "v3", "v4"], received, unsure)).toEqual({ ...flawless, stored: 5 });
});

test.each([
  ["lost", { lost: 1, stored: 3 }, ["v1", "a1", "v2"], { visitor: ["v1", "v2"] }],
  ["stored twice", { doubled: 1, stored: 5 }, ["v1", "a1", "v2", "v2", "v3"], {}],
  ["stored in another order", { unordered: 2 }, ["v1", "a1", "v3", "v2"], { visitor: ["v1", "v3", "v2"] }],
  ["not delivered", { undelivered: 1 }, ["v1", "a1", "v2", "v3"], { agent: [] }],
  ["delivered twice", { misdelivered: 1 }, ["v1", "a1", "v2", "v3"], { agent: ["a1", "a1"] }],
  ["delivered in another order", { misdelivered: 2 }, ["v1", "a1", "v2", "v3"], { visitor: ["v2", "v1", "v3"] }],
])("a message that is %s is found", (_how, flaws, stored, received) => {
  const verdict = check(stored, received);
  expect(verdict).toEqual({ ...flawless, ...flaws });
  expect(isFlawless(verdict)).toBe(false);
});

test("no messages at all are not flawless", () => {
  expect(isFlawless(check([], { visitor: [], agent: [] }, { visitor: [], agent: [] }))).toBe(false);
});
