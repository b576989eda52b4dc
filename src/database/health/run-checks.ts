import { setTimeout as sleep } from "node:timers/promises";
import { type Db, queryIn } from "#database/connect.ts";
import { named } from "#database/statements/query-names.ts";
import { isTransient } from "#platform/retry.ts";
import { type HealthCheck, type HealthLevel, type HealthReport, worstLevel } from "#protocol/health.ts";
import { type Counters, type Finding, type ListedCheck, ok, type Source, unknown } from "./checks/check.ts";
import { checks as allChecks } from "./checks/list.ts";
import type { Figures } from "./store.ts";

/** A check that takes longer is unknown, and ends: it must not hold up what people wait for. */
const statementMs = 3_000;
/** Longer than that the database does not answer at all. */
const answerMs = 5_000;

export type Run = { report: HealthReport; figures: Figures; counters: Counters };

/**
 * Runs the checks one after the other over one connection, each in a transaction of its own that only reads.
 * @param last  the report before: a check that keeps its level keeps its `since`
 */
export async function runChecks(
  db: Db,
  given: Omit<Source, "db" | "run">,
  { last = null, checks = allChecks }: { last?: HealthReport | null; checks?: ListedCheck[] } = {},
): Promise<Run> {
  const source = { ...given, run: {} };
  let isAway = false;
  const before = Date.now();
  const reachable = await tryCheck(database, () => inTransaction(db, async () => ok("PostgreSQL answers.")));
  const found = [{ check: database, finding: withTime(reachable!, Date.now() - before) }];
  isAway = reachable!.level === "error";
  for (const check of checks) {
    const look = () =>
      check.about === "database"
        ? inTransaction(db, tx => check.look({ ...source, db: tx }))
        : check.look({ ...source, db });
    const work = () => named(`the check ${check.id}`, look);
    const isHidden = isAway && check.about === "database";
    const finding = isHidden ? lastSeen(last?.checks.find(({ id }) => id === check.id)) : await tryCheck(check, work);
    if (finding) found.push({ check, finding });
  }
  const all = found.map(({ check, finding }) => describe(check, finding, { at: given.now, last }));
  const values = all.flatMap(({ id, value }) => (value === null ? [] : [[id, value] as const]));
  return {
    report: { at: given.now.toISOString(), level: worstOf(all), summary: summarize(all), checks: all },
    figures: Object.fromEntries(values),
    counters: Object.assign({}, ...found.map(({ finding }) => finding.counters ?? {})),
  };
}

/** Runs before the others, which it hides while it fails. */
export const database: ListedCheck = {
  id: "database",
  title: "PostgreSQL answers",
  area: "database",
  about: "database",
  unit: "seconds",
  healthy: "below 1 second",
  metric: "prochat_database_answer_seconds",
  look: () => null,
};

function withTime(finding: Finding, ms: number): Finding {
  if (finding.level !== "ok") return finding;
  const value = ms / 1000;
  if (ms <= 1000) return { ...finding, value };
  return {
    level: "warn",
    value,
    why: `PostgreSQL took ${value.toFixed(1)} seconds to answer.`,
    fix: "Look whether its machine or disk is overloaded, and at “Longest transaction”.",
  };
}

/** What keeps a check from its answer is a finding too. */
async function tryCheck(
  check: ListedCheck,
  work: () => Promise<Finding | null> | Finding | null,
): Promise<Finding | null> {
  const late = new AbortController();
  try {
    const lateAnswer =
      check.about === "database" ? databaseIsLate : unknown(`No answer within ${answerMs / 1000} seconds.`);
    return await Promise.race([work(), sleep(answerMs, lateAnswer, { signal: late.signal })]);
  } catch (error) {
    return explain(check, error as { code?: string; message: string });
  } finally {
    late.abort();
  }
}

/** While PostgreSQL is away its last values stay, with the time when they were seen. */
const lastSeen = (before: HealthCheck | undefined): Finding => ({
  level: "unknown",
  value: before?.value ?? null,
  facts: before?.facts ?? [],
  why: before ? `${away} Before that: ${before.why.replace(`${away} Before that: `, "")}` : away,
});

const away = "PostgreSQL does not answer.";

const databaseIsLate: Finding = {
  level: "error",
  why: `PostgreSQL has not answered for ${answerMs / 1000} seconds.`,
  fix: "Look whether its machine is overloaded or its disk is full, and into its log.",
};

function explain(check: ListedCheck, error: { code?: string; message: string }): Finding {
  if (check === database || (check.about === "database" && isTransient(error)))
    return {
      level: check === database ? "error" : "unknown",
      why: `PostgreSQL does not answer: ${error.message}.`,
      fix: "Start PostgreSQL, or look into its log. The server goes on by itself.",
    };
  if (error.code === "42501") return unknown(`The server's role may not look: ${error.message}.`, grant);
  if (error.code === "57014") return unknown(`The answer takes more than ${statementMs / 1000} seconds now.`);
  return unknown(`It could not be checked: ${error.message}.`);
}

const grant = "As a superuser run: grant pg_monitor to the role of DATABASE_URL;";

function inTransaction<T>(db: Db, look: (tx: Db) => Promise<T> | T): Promise<T> {
  return db
    .transaction()
    .setAccessMode("read only")
    .execute(async tx => {
      const text = "select set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true)";
      await named("the limits of a check", () => queryIn(tx)({ name: "health", text, values: [String(statementMs)] }));
      return look(tx);
    });
}

function describe(
  { id, title, area, about, unit, healthy }: ListedCheck,
  { level, value = null, why, fix = null, facts = [] }: Finding,
  { at, last }: { at: Date; last: HealthReport | null },
): HealthCheck {
  const before = last?.checks.find(check => check.id === id);
  const since = before?.level === level ? before.since : at.toISOString();
  const seenAt = level === "unknown" ? (before?.seenAt ?? null) : at.toISOString();
  return {
    id,
    title,
    area,
    about,
    level,
    since,
    seenAt,
    value,
    unit,
    healthy,
    why,
    fix,
    facts,
    docs: `docs/health.md#${id}`,
  };
}

const worstOf = (checks: HealthCheck[]) => worstLevel(checks.map(({ level }) => level));

/** One sentence: what to do first, or that all is well. What is unknown is not well. */
export function summarize(checks: HealthCheck[]): string {
  const at = (level: HealthLevel) => checks.filter(check => check.level === level);
  const problems = [...at("error"), ...at("warn")];
  const [first, ...others] = problems;
  const open = at("unknown").length;
  if (!first) return open === 0 ? "All is well." : `No problem was found. ${things(open)} could not be checked yet.`;
  const rest = others.length === 0 ? "" : ` ${things(others.length)} after that.`;
  return `${first.why}${first.fix ? ` ${first.fix}` : ""}${rest}`;
}

const things = (count: number) => (count === 1 ? "1 thing" : `${count} things`);
