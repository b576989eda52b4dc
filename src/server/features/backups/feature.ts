import { z } from "zod";
import { listBackups } from "#database/backup/repository.ts";
import { areBackupsOn, openBackups } from "#database/backup/schedule/open.ts";
import { readOverview } from "#database/backup/schedule/overview.ts";
import { type RunKind, requestRun, runBackupsJob } from "#database/backup/schedule/runs.ts";
import { queryIn } from "#database/connect.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { addJob } from "#platform/jobs/cron.ts";
import { BackupId, BackupOverview, BackupRunKind } from "#protocol/backups.ts";
import { AppError } from "#protocol/errors.ts";
import { type ByUser, noWebsite } from "#server/declaration/audit-record.ts";
import { defineCommand, defineHttpCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { transact } from "#server/declaration/transact.ts";
import { requireOperator } from "#server/identity/require-operator.ts";

const path = "/installation/backups";

const show = defineCommand({
  name: "backup.list",
  summary: "The backups of the installation and how far they reach. For its operators.",
  access: "user",
  http: { method: "GET", path },
  answer: BackupOverview,
  async handle(ctx, { user }) {
    await requireOperator(ctx.directory, user);
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
    await requireOperator(ctx.directory, by.user);
    await request(ctx, by, params.kind);
    return readOverview(ctx.config, ctx.pools.queries);
  },
});

const download = defineHttpCommand({
  name: "backup.download",
  summary: "A whole backup with its files as one tar. Unpacked into an empty folder, prochat restore --from takes it.",
  access: "user",
  audit: ["backup.downloaded"],
  limit: "download",
  http: { method: "GET", path: `${path}/:backupId/file` },
  params: z.object({ backupId: BackupId }),
  answer: z.string().describe("the bytes of the tar"),
  async handle(ctx, { params: { backupId }, request, ...by }) {
    await requireOperator(ctx.directory, by.user);
    const { repository } = await openBackups(ctx.config, ctx.pools.queries);
    const { openDownload } = await import("#database/backup/restore/download.ts");
    const backup = (await listBackups(repository)).backups.find(({ id }) => id === backupId);
    if (!backup) throw new AppError("not_found", `There is no complete backup ${backupId}.`);
    const { name, sizeBytes, body } = await openDownload(backup);
    await transact(ctx, ctx.directory, async (_tx, events) => {
      const details = { backup: backupId };
      events.audit(by, { websiteId: noWebsite, action: "backup.downloaded", target: null, details });
    });
    // Of application/x-tar the server would compress what is packed already.
    request.setHeader("content-type", "application/vnd.prochat.backup");
    request.setHeader("content-length", String(sizeBytes));
    request.setHeader("content-disposition", `attachment; filename="${name}"`);
    // Fastify streams it, and serialises no stream.
    return body as unknown as string;
  },
});

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

export const backups: Feature = { commands: [show, run, download], queries: [] };
