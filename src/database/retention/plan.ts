import type { MonthState, WaitsFor } from "#protocol/retention.ts";
import type { Month, MonthHold, Use } from "./months.ts";

const dayMs = 86_400_000;

/** A month's conversations take messages for 30 days after it, and are archived 30 days after their last one. */
const minArchiveDays = 60;
/** A detached month can be attached again this long. */
export const graceDays = 7;

export type Periods = { archiveAfterDays: number; deleteAfterDays: number };
export type Rule = Periods & {
  websiteId: number;
  /** false: an admin has not said yet that old conversations may go */
  isDeletionConfirmed: boolean;
};

/** What decides: the websites' periods, and the time. */
export type View = { rules: Rule[]; now: Date };

export type MonthPlan = {
  /** the state that comes next; null: the month is dropped */
  nextStep: MonthState | null;
  /** at the earliest, by the settings of today */
  nextAt: Date | null;
  waitsFor: WaitsFor[];
  /** two runs on different days agree */
  isDue: boolean;
  /** It went too far: the periods were changed, a hold was placed, or a clock was wrong. */
  backTo: MonthState | null;
};

/** A month's conversations and holds. `undoDays`: how long what was deleted can be brought back. */
export type Given = { uses: Use[]; holds: MonthHold[]; undoDays: number };

/**
 * What comes next for a month, and when. Asks no clock and no database.
 * @param agreed  what today and an earlier day agree on; null if there is no earlier day: then nothing is due
 */
export function planMonth(month: Month, given: Given, today: View, agreed: View | null): MonthPlan {
  if (month.state === "dropped") return { nextStep: null, nextAt: null, waitsFor: [], isDue: false, backTo: null };
  const waits = waitsOf(month, given, today);
  const times = waits.flatMap(({ at }) => at ?? []);
  return {
    nextStep: stepAfter[month.state],
    nextAt: times.length > 0 ? new Date(Math.max(...times)) : null,
    waitsFor: waits.filter(wait => !isOver(wait, today)).flatMap(asWaitsFor),
    isDue: agreed !== null && waitsOf(month, given, agreed).every(wait => isOver(wait, agreed)),
    backTo: backFrom(month, given, today),
  };
}

const stepAfter = { live: "archived", archived: "exported", exported: "detached", detached: "dropped" } as const;

/** @param at  null: until a person lifts the hold, or confirms the deletion */
type Wait = { reason: WaitsFor["reason"] | "month"; websiteId: number | null; at: number | null; holdId?: string };

const isOver = ({ at }: Wait, { now }: View) => at !== null && at <= now.getTime();

const asWaitsFor = ({ reason, at, ...wait }: Wait): WaitsFor[] =>
  reason === "month" ? [] : [{ ...wait, reason, until: at === null ? null : new Date(at).toISOString() }];

function waitsOf(month: Month, given: Given, view: View): Wait[] {
  if (month.state === "live") return [endOf(month, minArchiveDays), ...agesOf(given, view, "archiveAfterDays")];
  const waits = waitsOfDeletion(month, given, view);
  if (month.state === "detached")
    waits.push({ reason: "month", websiteId: null, at: after(month.detachedAt!, graceDays) });
  return waits;
}

function waitsOfDeletion(month: Month, given: Given, view: View): Wait[] {
  const { uses, holds, undoDays } = given;
  return [
    // An empty month has no last message: its end counts, with the longest period of all websites.
    ...(uses.length === 0 ? [endOf(month, longestOf(view))] : []),
    ...agesOf(given, view, "deleteAfterDays"),
    ...uses.flatMap(({ websiteId, lastDeletedAt }): Wait[] =>
      lastDeletedAt ? [{ reason: "trash", websiteId, at: after(lastDeletedAt, undoDays) }] : [],
    ),
    ...uses.flatMap(({ websiteId }): Wait[] =>
      ruleOf(view, websiteId).isDeletionConfirmed ? [] : [{ reason: "confirmation", websiteId, at: null }],
    ),
    ...holds.map(({ websiteId, targetId }): Wait => ({ reason: "hold", websiteId, at: null, holdId: targetId })),
  ];
}

const agesOf = ({ uses }: Given, view: View, period: keyof Periods): Wait[] =>
  uses.map(({ websiteId, lastMessageAt }) => {
    const days = ruleOf(view, websiteId)[period];
    return { reason: "age", websiteId, at: after(lastMessageAt, days) };
  });

const ruleOf = ({ rules }: View, websiteId: number) => rules.find(rule => rule.websiteId === websiteId)!;

const endOf = ({ endsAt }: Month, days: number): Wait => ({
  reason: "month",
  websiteId: null,
  at: after(endsAt, days),
});

const after = (moment: Date, days: number) => moment.getTime() + days * dayMs;

const longestOf = ({ rules }: View) => Math.max(0, ...rules.map(({ deleteAfterDays }) => deleteAfterDays));

/** Those whose conversations go one by one: another website keeps the months for longer. */
export function expiringRules({ rules }: View): Rule[] {
  const longest = Math.max(...rules.map(rule => (rule.isDeletionConfirmed ? rule.deleteAfterDays : forEverDays)));
  return rules.filter(rule => rule.isDeletionConfirmed && rule.deleteAfterDays < longest);
}

const forEverDays = Number.POSITIVE_INFINITY;
const forEver: Periods = { archiveAfterDays: forEverDays, deleteAfterDays: forEverDays };

function backFrom(month: Month, given: Given, today: View): MonthState | null {
  if (month.state === "archived") return isOver(endOf(month, minArchiveDays), today) ? null : "live";
  if (month.state !== "exported" && month.state !== "detached") return null;
  return waitsOfDeletion(month, given, today).every(wait => isOver(wait, today)) ? null : "archived";
}

/**
 * Of two days the longer periods and the earlier time: a clock that jumped, or a slip in the settings, deletes nothing. A
 * website that is new since then keeps everything.
 */
export function agree(today: View, earlier: View): View {
  return {
    now: new Date(Math.min(today.now.getTime(), earlier.now.getTime())),
    rules: today.rules.map(rule => {
      const before = earlier.rules.find(({ websiteId }) => websiteId === rule.websiteId) ?? forEver;
      return {
        ...rule,
        archiveAfterDays: Math.max(rule.archiveAfterDays, before.archiveAfterDays),
        deleteAfterDays: Math.max(rule.deleteAfterDays, before.deleteAfterDays),
      };
    }),
  };
}
