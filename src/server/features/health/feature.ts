import { z } from "zod";
import { findJobsSchema } from "#database/home-schema.ts";
import { findDefinedQuery } from "#database/query-plans/define-query.ts";
import { readPlan } from "#database/query-plans/read-plan.ts";
import { addJob } from "#platform/jobs/cron.ts";
import type { Me } from "#protocol/accounts.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import {
  HealthHistory,
  HealthPeriod,
  HealthPlan,
  HealthQueries,
  HealthReport,
  HealthSessions,
  healthFixes,
} from "#protocol/health.ts";
import { defineCommand, defineHttpCommand, type HttpRequest } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { transact } from "#server/declaration/transact.ts";
import { requireOperator } from "#server/identity/require-operator.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/health";

/** The job that the first process runs: server/health/collector.ts. */
const mendJob = "mend";

const read = defineHttpCommand({
  name: "health.read",
  summary: "What the server found when it checked itself and its database, within the last minute.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: HealthReport,
  async handle(ctx, { user, request }) {
    await requireOperator(ctx.directory, user);
    request.setHeader("set-cookie", await ctx.healthPass.give(request.headers.get("cookie") ?? ""));
    return lastReport(ctx);
  },
});

const history = defineCommand({
  name: "health.history",
  summary: "The values of the checks: of each minute of the last day, or of each day of the last 400.",
  access: "agent",
  http: { method: "GET", path: `${path}/history` },
  params: website.extend({
    period: HealthPeriod.default("minute"),
    checks: z.string().max(1_000).optional().describe("ids, separated by commas; default: all"),
  }),
  answer: HealthHistory,
  async handle(ctx, { user, params: { period, checks } }) {
    await requireOperator(ctx.directory, user);
    const rows = await ctx.health.history(period);
    const wanted = checks?.split(",");
    return { rows: rows.map(({ at, figures }) => ({ at: at.toISOString(), figures: pick(figures, wanted) })) };
  },
});

const pick = (figures: Record<string, number>, wanted: string[] | undefined) =>
  wanted ? Object.fromEntries(Object.entries(figures).filter(([id]) => wanted.includes(id))) : figures;

const sessions = defineCommand({
  name: "health.sessions",
  summary: "The sessions of the database that have a transaction now, and which of them wait for each other.",
  access: "agent",
  http: { method: "GET", path: `${path}/sessions` },
  params: website,
  answer: HealthSessions,
  async handle(ctx, { user }) {
    await requireOperator(ctx.directory, user);
    return { sessions: await ctx.health.sessions() };
  },
});

const slowQueries = defineCommand({
  name: "health.queries",
  summary: "How long the statements of each query took since the server started, and the last slow ones.",
  access: "agent",
  http: { method: "GET", path: `${path}/queries` },
  params: website,
  answer: HealthQueries,
  async handle(ctx, { user }) {
    await requireOperator(ctx.directory, user);
    if (ctx.health.queries) return ctx.health.queries;
    throw notYet();
  },
});

const plan = defineCommand({
  name: "health.plan",
  summary: "How PostgreSQL runs a query for any values, as a tree.",
  access: "agent",
  http: { method: "GET", path: `${path}/plan` },
  params: website.extend({ query: z.string().max(100).describe("its name, as health.queries gives it") }),
  example: { query: "the last health report" },
  answer: HealthPlan,
  async handle(ctx, { user, params: { query } }) {
    await requireOperator(ctx.directory, user);
    const found = findDefinedQuery(query);
    if (!found) throw new AppError("not_found", `No query has the name “${query}”.`);
    return readPlan(ctx.pools.queries, found);
  },
});

const mend = defineCommand({
  name: "health.mend",
  summary: "Let the server mend something that is safe to mend while people work, and check again.",
  access: "agent",
  audit: ["installation.mended"],
  http: { method: "POST", path: `${path}/mend` },
  params: website.extend({ fix: z.enum(healthFixes) }),
  example: { fix: "make-partitions" },
  async handle(ctx, { db, params: { websiteId, fix }, ...by }) {
    await requireOperator(ctx.directory, by.user);
    if (fix !== "check-again")
      await transact(ctx, db, async (_tx, events) =>
        events.audit(by, { websiteId, action: "installation.mended", target: null, details: { fix } }),
      );
    const pool = ctx.pools.queries;
    await addJob(pool, await findJobsSchema(pool), mendJob, { fix });
  },
});

/** To each operator who loads the dashboard, so that the last report opens also while the database is away. */
export async function giveHealthPass(ctx: Ctx, { isOperator }: Me, request: HttpRequest): Promise<void> {
  if (isOperator) request.setHeader("set-cookie", await ctx.healthPass.give(request.headers.get("cookie") ?? ""));
}

function lastReport({ health }: Ctx): HealthReport {
  if (health.last) return health.last;
  throw notYet();
}

const notYet = () => new AppError("unavailable", "The checks have not run yet. Try again in a moment.");

export const health: Feature = {
  commands: [read, history, sessions, slowQueries, plan, mend],
  queries: [],
};
