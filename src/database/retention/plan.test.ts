import { expect, test } from "vitest";
import type { Month } from "./months.ts";
import { agree, expiringRules, planMonth, type View } from "./plan.ts";

const day = (text: string) => new Date(`${text}T04:00:00Z`);

const month: Month = {
  month: "2025-03",
  fromId: "00000000-0000-0000-0000-000000000000",
  untilId: "ffffffff-ffff-ffff-ffff-ffffffffffff",
  endsAt: new Date("2025-04-01T00:00:00Z"),
  state: "live",
  archivedAt: null,
  exportedAt: null,
  detachedAt: null,
  droppedAt: null,
  messages: null,
  conversations: null,
  sizeBytes: 0,
  exportKey: null,
  isChanged: false,
  nextStep: null,
  nextAt: null,
  waitsFor: [],
};
const use = (websiteId: number, last: string) => ({
  websiteId,
  conversations: 1,
  lastMessageAt: day(last),
  lastDeletedAt: null,
});
const given: Parameters<typeof planMonth>[1] = { uses: [use(1, "2025-03-31")], holds: [], undoDays: 30 };
const view = (now: string, ...periods: [number, number][]): View => ({
  now: day(now),
  rules: periods.map(([archiveAfterDays, deleteAfterDays], i) => ({
    websiteId: i + 1,
    archiveAfterDays,
    deleteAfterDays,
    isDeletionConfirmed: true,
  })),
});
const usual: [number, number] = [90, 365];
/** As both days see it: the second is the day after the first. */
const planOn = (now: string, next: string, about: Partial<Month> = {}, more = given) => {
  const today = view(next, usual, usual);
  return planMonth({ ...month, ...about }, more, today, agree(today, view(now, usual, usual)));
};

test("a month is archived when every website's last conversation is old enough, on two days", () => {
  expect(planOn("2025-06-28", "2025-06-29")).toMatchObject({ nextStep: "archived", isDue: false });
  expect(planOn("2025-06-28", "2025-06-29").nextAt).toEqual(day("2025-06-29"));
  expect(planOn("2025-06-29", "2025-06-30")).toMatchObject({ isDue: true, waitsFor: [] });
  const late = { ...given, uses: [...given.uses, use(2, "2025-05-10")] };
  expect(planOn("2025-06-29", "2025-06-30", {}, late)).toMatchObject({
    isDue: false,
    waitsFor: [{ reason: "age", websiteId: 2, until: day("2025-08-08").toISOString() }],
  });
});

test("the first run ever finds nothing due", () => {
  expect(planMonth(month, given, view("2027-01-01", usual), null)).toMatchObject({
    nextStep: "archived",
    isDue: false,
  });
});

test("a clock that jumped makes nothing due before another day agrees, and nothing once it is right again", () => {
  const archived = { state: "archived", archivedAt: day("2025-06-30") } as const;
  expect(planOn("2025-07-01", "2035-07-01", archived).isDue).toBe(false);
  expect(planOn("2035-07-01", "2025-07-02", archived).isDue).toBe(false);
  expect(planOn("2026-04-01", "2026-04-02", archived)).toMatchObject({ nextStep: "exported", isDue: true });
});

test("periods that were made shorter count when another day agrees", () => {
  const archived = { ...month, state: "archived" } as const;
  const today = view("2025-08-02", [30, 60]);
  const before = view("2025-08-01", [90, 365]);
  expect(planMonth(archived, given, today, agree(today, before)).isDue).toBe(false);
  expect(planMonth(archived, given, today, agree(today, { ...before, rules: today.rules })).isDue).toBe(true);
});

test("a hold and an undo stop the deletion, and are named", () => {
  const archived = { state: "archived" } as const;
  const held = { ...given, holds: [{ websiteId: 1, targetKind: "visitor" as const, targetId: "the visitor" }] };
  expect(planOn("2030-01-01", "2030-01-02", archived, held)).toMatchObject({
    isDue: false,
    waitsFor: [{ reason: "hold", websiteId: 1, until: null, holdId: "the visitor" }],
  });
  const inTrash = { ...given, uses: [{ ...given.uses[0]!, lastDeletedAt: day("2026-03-20") }] };
  expect(planOn("2026-04-01", "2026-04-02", archived, inTrash)).toMatchObject({
    isDue: false,
    waitsFor: [{ reason: "trash", websiteId: 1, until: day("2026-04-19").toISOString() }],
  });
});

test("a website whose deletion is not confirmed keeps its months, and the others lose theirs one by one", () => {
  const archived = { ...month, state: "archived" } as const;
  const today = view("2030-01-02", usual, usual);
  today.rules[1]!.isDeletionConfirmed = false;
  const agreed = agree(today, view("2030-01-01", usual, usual));
  const shared = { ...given, uses: [use(1, "2025-03-31"), use(2, "2025-03-31")] };
  expect(planMonth(archived, shared, today, agreed)).toMatchObject({
    isDue: false,
    waitsFor: [{ reason: "confirmation", websiteId: 2, until: null }],
  });
  expect(planMonth({ ...month, state: "detached", detachedAt: day("2029-01-01") }, shared, today, agreed).backTo).toBe(
    "archived",
  );
  expect(planMonth(month, shared, today, agreed)).toMatchObject({ nextStep: "archived", isDue: true });
  expect(planMonth(archived, given, today, agreed).isDue).toBe(true); // without a conversation of that website
  expect(expiringRules(agreed).map(({ websiteId }) => websiteId)).toEqual([1]);
});

test("a detached month waits a week, and goes back when it is not due any more", () => {
  const detached = { state: "detached", detachedAt: day("2026-04-02") } as const;
  expect(planOn("2026-04-08", "2026-04-09", detached)).toMatchObject({
    nextStep: "dropped",
    isDue: false,
    backTo: null,
  });
  expect(planOn("2026-04-09", "2026-04-10", detached)).toMatchObject({ isDue: true, backTo: null });
  const held = { ...given, holds: [{ websiteId: 1, targetKind: "conversation" as const, targetId: "one" }] };
  expect(planOn("2026-04-09", "2026-04-10", detached, held)).toMatchObject({ isDue: false, backTo: "archived" });
  expect(planOn("2025-08-01", "2025-08-02", detached).backTo).toBe("archived");
});

test("a month that a wrong clock has archived goes back, and a dropped one stays", () => {
  const archived = { state: "archived" } as const;
  expect(planOn("2025-05-01", "2025-05-02", archived).backTo).toBe("live");
  expect(planOn("2030-01-01", "2030-01-02", { state: "dropped" })).toMatchObject({ nextStep: null, isDue: false });
});
