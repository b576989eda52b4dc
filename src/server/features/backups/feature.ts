import { z } from "zod";
import { areBackupsOn, openBackups } from "#database/backup/schedule/open.ts";
import { readOverview } from "#database/backup/schedule/overview.ts";
import { type RunKind, requestRun, runBackupsJob } from "#database/backup/schedule/runs.ts";
import { queryIn } from "#database/connect.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { addJob } from "#platform/jobs/cron.ts";
import type { User } from "#protocol/agents.ts";
import { BackupOverview, BackupRunKind } from "#protocol/backups.ts";
import { AppError } from "#protocol/errors.ts";
import { type ByUser, noWebsite } from "#server/declaration/audit-record.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { transact } from "#server/declaration/transact.ts";
import * as queries from "./queries.ts";
import { ownsEveryWebsite } from "./queries.ts";

const path = "/installation/backups";

const show = defineCommand({
  name: "backup.list",
  summary: "The backups of the installation and how far they reach. For users who own every website of it.",
  access: "user",
  http: { method: "GET", path },
  answer: BackupOverview,
  async handle(ctx, { user }) {
    await requireInstallationOwner(ctx, user);
    return readOverview(ctx.config, ctx.pools.queries);
  },
});

const run = defineCommand({
  name: "backup.run",
  summary: "Make a backup now, or restore the newest one into a scratch database and check it (drill).",
  access: "user",
  audit: ["backup.requested"],
  http: { method: "POST", path },
  params: z.object({ kind: BackupRunKind }),
  example: { kind: "backup" },
  answer: BackupOverview,
  async handle(ctx, { params, ...by }) {
    await requireInstallationOwner(ctx, by.user);
    await request(ctx, by, params.kind);
    return readOverview(ctx.config, ctx.pools.queries);
  },
});

/**
 * A backup holds the conversations of all websites. A user may not see more through it than they see already: so only a user who
 * owns each website there is.
 */
async function requireInstallationOwner({ directory }: Ctx, user: User): Promise<void> {
  if (await ownsEveryWebsite(directory, user.id)) return;
  throw new AppError(
    "forbidden",
    "Backups hold the conversations of all websites, so only a user who owns every one of them may do this. On the server, " +
      "prochat backup does the same.",
  );
}

async function request(ctx: Ctx, by: ByUser, kind: RunKind): Promise<void> {
  if (!areBackupsOn(ctx.config))
    throw new AppError("conflict", "Backups are off here. Set BACKUPS=on and start again.");
  const pool = ctx.pools.queries;
  const { repository } = await openBackups(ctx.config, pool);
  await transact(ctx, ctx.directory, async (tx, events) => {
    const client = {
      query: async (text: string, values: unknown[]) => ({ rows: await queryIn(tx)({ name: "", text, values }) }),
    };
    await requestRun(client as never, { repository: repository.name, kind, reason: "person", by: by.user.id });
    events.audit(by, { websiteId: noWebsite, action: "backup.requested", target: null, details: { kind } });
  });
  await addJob(pool, await findJobsSchema(pool), runBackupsJob, {});
}

export const backups: Feature = { commands: [show, run], queries: queriesOf(queries) };
