import { z } from "zod";
import { Moment } from "./basics.ts";

/** From the best to the worst. unknown: it could not be checked, which is not the same as well. */
export const healthLevels = ["ok", "unknown", "warn", "error"] as const;
export type HealthLevel = (typeof healthLevels)[number];

/** The parts of an installation, in the order in which an owner goes through them before the first customer comes. */
export const healthAreas = ["database", "server", "backup", "security", "privacy"] as const;
export type HealthArea = (typeof healthAreas)[number];

/** What `value` counts; the reader writes it in words. */
export const healthUnits = ["bytes", "seconds", "percent", "days", "months", "count", "transactions"] as const;

/** What a button may do: each is safe while people work. */
export const healthFixes = ["make-partitions", "build-indexes", "recount", "retry-jobs", "check-again"] as const;
export type HealthFix = (typeof healthFixes)[number];

export const HealthCheck = z.object({
  id: z.string().describe("kebab-case; never changes its meaning"),
  title: z.string(),
  area: z.enum(healthAreas),
  about: z.enum(["database", "server", "redis", "storage"]),
  level: z.enum(healthLevels),
  since: Moment.describe("when the check reached this level"),
  seenAt: Moment.nullable().describe("when it was last known; null: never"),
  value: z.number().nullable(),
  unit: z.enum(healthUnits),
  healthy: z.string().describe("the healthy range, in words"),
  why: z.string().describe("what was found, in one sentence"),
  fix: z.string().nullable().describe("what to do; null if nothing is to be done"),
  facts: z.array(z.string()).describe("what the value is made of, the largest first"),
  docs: z.string(),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

export const HealthReport = z.object({
  at: Moment.describe("when the checks ran"),
  level: z.enum(healthLevels).describe("of the worst check"),
  summary: z.string().describe("“All is well”, or what to do first"),
  checks: z.array(HealthCheck),
});
export type HealthReport = z.infer<typeof HealthReport>;

export const HealthPeriod = z.enum(["minute", "day"]);
export type HealthPeriod = z.infer<typeof HealthPeriod>;

/** Values of checks by their ids, the oldest first. */
export const HealthHistory = z.object({
  rows: z.array(z.object({ at: Moment, figures: z.record(z.string(), z.number()) })),
});
export type HealthHistory = z.infer<typeof HealthHistory>;

/** Sessions with a transaction. The text of their statements is not read: people's words may be in it. */
export const HealthSessions = z.object({
  sessions: z.array(
    z.object({
      pid: z.number(),
      program: z.string(),
      state: z.string(),
      transactionSeconds: z.number(),
      stateSeconds: z.number(),
      blockedBy: z.array(z.number()).describe("sessions that it waits for"),
    }),
  ),
});
export type HealthSessions = z.infer<typeof HealthSessions>;

const ms = z.number().describe("milliseconds");

/** How long the statements of each query took. No text and no value of a statement is in it. */
export const HealthQueries = z.object({
  at: Moment.describe("when they were counted"),
  since: Moment.describe("when the server began to count them"),
  queries: z
    .array(
      z.object({
        name: z.string().describe("as it stands in the code, and in a comment of each statement"),
        calls: z.number(),
        meanMs: ms,
        p95Ms: ms,
        p99Ms: ms,
        totalMs: ms,
        share: z.number().describe("of the time of all statements, 0 to 1"),
        hasPlan: z.boolean(),
      }),
    )
    .describe("those that took longest in all come first"),
  slow: z
    .array(
      z.object({
        query: z.string(),
        at: Moment,
        ms,
        waitedMs: ms.describe("for a connection of the pool, before it"),
        rows: z.number().nullable().describe("read or changed; null: it failed"),
        requests: z.array(z.string()).describe("ids of the requests that it worked for"),
      }),
    )
    .describe("the last statements that took longer than SLOW_QUERY_MS, the newest first"),
});
export type HealthQueries = z.infer<typeof HealthQueries>;

const PlanStep = z.object({
  depth: z.number().describe("0: it gives the answer; a step of depth 1 below it works for it"),
  what: z.string().describe('such as "Index Scan using messages_pkey on messages"'),
  conditions: z.array(z.string()).describe('such as "website_id = $1"'),
  rows: z.number(),
  cost: z.number().describe("in PostgreSQL's own unit; a page that is read in order costs 1"),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** Plans made for any values: those of people are not in them. */
export const HealthPlan = z.object({
  statements: z.array(
    z.object({ text: z.string(), plan: z.array(PlanStep).nullable().describe("null: it cannot be planned") }),
  ),
});
export type HealthPlan = z.infer<typeof HealthPlan>;

export const worstLevel = (levels: HealthLevel[]): HealthLevel =>
  healthLevels[Math.max(0, ...levels.map(level => healthLevels.indexOf(level)))]!;
