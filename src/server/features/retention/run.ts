import type { Db } from "#database/connect.ts";
import type { Session } from "#database/migrations/session/session.ts";
import { findUse, listMonthHolds, listMonths, type Month, saveNextStep } from "#database/retention/months.ts";
import { expiringRules, type MonthPlan, planMonth, type Rule } from "#database/retention/plan.ts";
import { recordRun } from "#database/retention/runs.ts";
import { withMonths } from "#database/retention/session.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { MonthState } from "#protocol/retention.ts";
import { type Expired, expireConversations, firstId } from "./expire.ts";
import { countExpiring } from "./expire-queries.ts";
import { countExpiringVisitors, expireVisitors } from "./expire-visitors.ts";
import type { RetentionOptions } from "./options.ts";
import { readViews, type Views } from "./rules.ts";
import { takeStep } from "./steps.ts";

export type MonthReport = Omit<MonthPlan, "backTo"> &
  Pick<Month, "month" | "state" | "messages" | "sizeBytes"> & {
    /** the states it came to in this run */
    reached: MonthState[];
  };

/** A website with shorter periods than another one: its conversations go one by one, not with their month. */
export type WebsiteReport = { websiteId: number; deleteAfterDays: number; due: number; deleted: Expired };

/** A website that is older than the retention: its old conversations stay until an admin confirms that they go. */
export type UnconfirmedReport = { websiteId: number; deleteAfterDays: number; due: number };

export type RetentionReport = {
  at: string;
  months: MonthReport[];
  websites: WebsiteReport[];
  unconfirmed: UnconfirmedReport[];
  /** how many visitors went, or would go, because no conversation of theirs is left */
  visitors: number;
  /** what failed, and stays as it was; the next run tries again */
  problems: string[];
};

/** What a run would do now. Changes nothing. */
export async function planRetention({ db, now }: Pick<RetentionOptions, "db" | "now">): Promise<RetentionReport> {
  const views = await readViews(db, db, now);
  const months: MonthReport[] = [];
  for (const month of await listMonths(db)) months.push(report(month, await planOf(db, month, views), []));
  const websites = [];
  for (const expiring of expiringOf(views)) {
    const due = await countExpiring(db, { ...expiring, fromId: firstId, untilId: null });
    const { websiteId, afterDays: deleteAfterDays } = expiring;
    websites.push({ websiteId, deleteAfterDays, due, deleted: { conversations: 0, messages: 0 } });
  }
  let visitors = 0;
  for (const websiteId of deletingOf(views)) visitors += await countExpiringVisitors(db, websiteId);
  const unconfirmed = await listUnconfirmed(db, views);
  return { at: now.toISOString(), months, websites, unconfirmed, visitors, problems: [] };
}

/**
 * Moves months to the archive, exports, detaches and drops them, and deletes what goes one by one, as far as it is due. One
 * run at a time; each step is one transaction, so a run that was killed is continued by the next.
 * @throws AppError "conflict" if another run is at work
 */
export function runRetention(options: RetentionOptions): Promise<RetentionReport> {
  const { url, db, log, signal, now } = options;
  return withMonths(url, { log, signal }, async session => {
    const views = await readViews(db, db, now);
    for (const rule of views.today.rules) await recordRun(db, { ...rule, now });
    const problems: string[] = [];
    const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AppError)) log.error(`Retention: ${what} failed unexpectedly`);
        const problem = `${what}: ${error instanceof Error ? error.message : error}`;
        log.error(`Retention: ${problem}`);
        problems.push(problem);
        return null;
      }
    };
    const websites = [];
    for (const expiring of expiringOf(views)) {
      const done = await attempt(`Website ${expiring.websiteId}`, () => expire(options, expiring));
      if (done) websites.push(done);
    }
    const months = [];
    for (const { month } of await listMonths(db)) {
      if (signal.aborted) break;
      const reached: MonthState[] = [];
      await attempt(month, () => advance(options, session, views, month, reached));
      months.push(await conclude(db, views, month, reached));
    }
    let visitors = 0;
    for (const websiteId of deletingOf(views)) {
      const done = await attempt(`Visitors of website ${websiteId}`, () =>
        expireVisitors(db, { websiteId, by: options.by, signal }),
      );
      visitors += done ?? 0;
    }
    const unconfirmed = await listUnconfirmed(db, views);
    for (const waiting of unconfirmed) log.warn(`Retention: ${describeUnconfirmed(waiting)}`);
    return { at: now.toISOString(), months, websites, unconfirmed, visitors, problems };
  });
}

export const describeUnconfirmed = ({ websiteId, deleteAfterDays, due }: UnconfirmedReport): string =>
  `${due} conversations of website ${websiteId} are older than ${deleteAfterDays} days. Nothing of it is deleted until an ` +
  "admin confirms that in Settings → Retention.";

/** Websites with conversations that would go if an admin had confirmed it. */
async function listUnconfirmed(db: Db, { today }: Views): Promise<UnconfirmedReport[]> {
  const found = [];
  for (const rule of today.rules) {
    if (rule.isDeletionConfirmed) continue;
    const due = await countDue(db, rule, today.now);
    if (due > 0) found.push({ websiteId: rule.websiteId, deleteAfterDays: rule.deleteAfterDays, due });
  }
  return found;
}

/** How many conversations of a website are older than it keeps them, without those that a hold keeps. */
export const countDue = (
  db: Db,
  { websiteId, deleteAfterDays }: Pick<Rule, "websiteId" | "deleteAfterDays">,
  now: Date,
) => countExpiring(db, { websiteId, before: daysBefore(now, deleteAfterDays), fromId: firstId, untilId: null });

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);

/** Takes a month as far as it may go today. */
async function advance(
  options: RetentionOptions,
  session: Session,
  views: Views,
  name: string,
  reached: MonthState[],
): Promise<void> {
  for (;;) {
    const month = await getMonth(options.db, name);
    const plan = await planOf(options.db, month, views);
    const state = await takeStep(options, session, { month, plan, rules: views.today.rules });
    if (!state) return;
    options.log.info(`Retention: ${name} is ${state}`);
    reached.push(state);
    if (state === "live" || options.signal.aborted) return;
  }
}

async function conclude(db: Db, views: Views, name: string, reached: MonthState[]): Promise<MonthReport> {
  const month = await getMonth(db, name);
  const plan = await planOf(db, month, views);
  await saveNextStep(db, { month: name, ...plan });
  return report(month, plan, reached);
}

const getMonth = async (db: Db, name: string) => (await listMonths(db)).find(({ month }) => month === name)!;

const report = (
  { month, state, messages, sizeBytes }: Month,
  { nextStep, nextAt, waitsFor, isDue }: MonthPlan,
  reached: MonthState[],
): MonthReport => ({ month, state, messages, sizeBytes, nextStep, nextAt, waitsFor, isDue, reached });

async function planOf(db: Db, month: Month, { today, agreed }: Views): Promise<MonthPlan> {
  const { fromId, untilId } = month;
  const uses = [];
  const holds = [];
  if (month.state !== "dropped" && month.endsAt < today.now) {
    for (const { websiteId } of today.rules) {
      const use = await findUse(db, { websiteId, fromId, untilId });
      if (!use) continue;
      uses.push(use);
      if (month.state !== "live") holds.push(...(await listMonthHolds(db, { websiteId, fromId, untilId })));
    }
  }
  return planMonth(month, { uses, holds, undoDays: limits.undoDays }, today, agreed);
}

type Expiry = { websiteId: number; before: Date; afterDays: number };

/** The websites that keep their conversations for a shorter time than another one. */
function expiringOf({ agreed }: Views): Expiry[] {
  if (!agreed) return [];
  return expiringRules(agreed).map(({ websiteId, deleteAfterDays }) => ({
    websiteId,
    before: daysBefore(agreed.now, deleteAfterDays),
    afterDays: deleteAfterDays,
  }));
}

/** The websites that delete by age: confirmed by an admin, and seen by a run on an earlier day. */
const deletingOf = ({ agreed }: Views): number[] =>
  agreed?.rules.filter(isDeleting).map(({ websiteId }) => websiteId) ?? [];
const isDeleting = (rule: Rule) => rule.isDeletionConfirmed && Number.isFinite(rule.deleteAfterDays);

async function expire({ db, log, signal, by }: RetentionOptions, expiry: Expiry): Promise<WebsiteReport> {
  const dropped = new Set((await listMonths(db)).flatMap(({ month, state }) => (state === "dropped" ? [month] : [])));
  const all = { ...expiry, fromId: firstId, untilId: null };
  const due = await countExpiring(db, all);
  const hasMessages = (month: string) => !dropped.has(month);
  const deleted = await expireConversations(db, { ...all, by, hasMessages, log, signal });
  return { websiteId: expiry.websiteId, deleteAfterDays: expiry.afterDays, due, deleted };
}
