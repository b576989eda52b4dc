import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import * as exportQueries from "#database/retention/export-queries.ts";
import * as months from "#database/retention/months.ts";
import { listMonths, type Month } from "#database/retention/months.ts";
import * as runs from "#database/retention/runs.ts";
import { findLastRun } from "#database/retention/runs.ts";
import { WebsiteId } from "#protocol/basics.ts";
import { type RetentionMonth, RetentionShown } from "#protocol/retention.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { findWebsite } from "#server/features/websites/feature.ts";
import * as expireQueries from "./expire-queries.ts";
import { countDue } from "./run.ts";
import * as visitorQueries from "./visitor-queries.ts";

const show = defineCommand({
  name: "retention.show",
  summary: "How long a website keeps its conversations, and where each month of the installation's messages is.",
  access: "admin",
  http: { method: "GET", path: "/websites/:websiteId/retention" },
  params: z.object({ websiteId: WebsiteId }),
  answer: RetentionShown,
  async handle(ctx, { db, websiteId }) {
    const website = await findWebsite(ctx.directory, websiteId);
    const { archiveAfterDays, deleteAfterDays, isDeletionConfirmed } = website!.settings;
    const lastRunAt = await findLastRun(db, websiteId);
    return {
      ...{ archiveAfterDays, deleteAfterDays, isDeletionConfirmed },
      due: isDeletionConfirmed ? null : await countDue(db, { websiteId, deleteAfterDays }, new Date()),
      lastRunAt: lastRunAt?.toISOString() ?? null,
      months: (await listMonths(db)).toReversed().map(month => asShown(month, websiteId)),
    };
  },
});

/** Admins of one website do not see which others there are. */
function asShown(month: Month, websiteId: number): RetentionMonth {
  const { archivedAt, exportedAt, detachedAt, droppedAt, nextAt, ...shown } = month;
  return {
    ...shown,
    archivedAt: iso(archivedAt),
    exportedAt: iso(exportedAt),
    detachedAt: iso(detachedAt),
    droppedAt: iso(droppedAt),
    nextAt: iso(nextAt),
    waitsFor: month.waitsFor.map(({ holdId, ...wait }) =>
      wait.websiteId === websiteId ? { ...wait, ...(holdId && { holdId }) } : { ...wait, websiteId: null },
    ),
  };
}

const iso = (moment: Date | null) => moment?.toISOString() ?? null;

export const retention: Feature = {
  commands: [show],
  queries: [months, runs, exportQueries, expireQueries, visitorQueries].flatMap(queriesOf),
};
