import { z } from "zod";
import { listSessions } from "#database/health/checks/sessions.ts";
import { listHistory } from "#database/health/store.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { addJob } from "#platform/jobs/cron.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { HealthHistory, HealthPeriod, HealthReport, HealthSessions, healthFixes } from "#protocol/health.ts";
import { defineCommand, defineHttpCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { transact } from "#server/declaration/transact.ts";
import { requireOperator } from "#server/identity/operators.ts";

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
    request.setHeader("set-cookie", await ctx.healthPass.give());
    return lastReport(ctx);
  },
});

const history = defineCommand({
  name: "health.history",
  summary: "The values of the checks: of each minute of the last day, or of each day of the last 400.",
  access: "agent",
  http: { method: "GET", path: `${path}/history` },
  params: website.extend({ period: HealthPeriod.default("minute") }),
  answer: HealthHistory,
  async handle(ctx, { user, params: { period } }) {
    await requireOperator(ctx.directory, user);
    const rows = await listHistory(ctx.directory, period);
    return { rows: rows.map(({ at, figures }) => ({ at: at.toISOString(), figures })) };
  },
});

const sessions = defineCommand({
  name: "health.sessions",
  summary: "The sessions of the database that have a transaction now, and which of them wait for each other.",
  access: "agent",
  http: { method: "GET", path: `${path}/sessions` },
  params: website,
  answer: HealthSessions,
  async handle(ctx, { user }) {
    await requireOperator(ctx.directory, user);
    return { sessions: await listSessions(ctx.directory, new Date()) };
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

function lastReport({ health }: Ctx): HealthReport {
  if (health.last) return health.last;
  throw new AppError("unavailable", "The checks have not run yet. Try again in a moment.");
}

export const health: Feature = {
  commands: [read, history, sessions, mend],
  queries: [],
};
