import type { Readable } from "node:stream";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import type { Scope } from "#database/export/scope.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { addJob } from "#platform/jobs/cron.ts";
import { AppError } from "#protocol/errors.ts";
import type { ExportFormat, ExportScope } from "#protocol/exports.ts";
import { limits } from "#protocol/limits.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { findWebsite } from "#server/features/websites/feature.ts";
import { contentTypeOf, fileNameOf, keyOf } from "./file.ts";
import { deleteExport, type ExportRow, findExport, insertExport, listExports } from "./queries.ts";
import { exportRecord } from "./record.ts";

/** Added when an export is asked for; run.ts does it. */
export const runExportJob = "run-export";

const maxUnfinished = 3;
const dayMs = 86_400_000;

type Key = { db: Db; websiteId: number };

export const scopeOf = (websiteId: number, scope: ExportScope): Scope =>
  scope.kind === "website"
    ? { kind: "website", websiteId, from: new Date(scope.from), until: new Date(scope.until) }
    : { ...scope, websiteId };

/**
 * Asks for an export, which a job writes into the storage.
 * @throws AppError "invalid_request" for an empty period, "conflict" while three others of the website are not finished
 */
export async function requestExport(
  ctx: Ctx,
  by: ByUser,
  { db, websiteId, scope, format }: Key & { scope: ExportScope; format: ExportFormat },
): Promise<ExportRow> {
  if (scope.kind === "website" && scope.from >= scope.until) {
    throw new AppError("invalid_request", "The period ends before it begins. Choose a later end.");
  }
  const id = uuidv7();
  const { name } = (await findWebsite(ctx.directory, websiteId))!;
  const row = await transact(ctx, db, async (tx, events) => {
    const unfinished = (await listExports(tx, { websiteId, limit: 100 })).filter(
      ({ state }) => state === "waiting" || state === "running",
    );
    if (unfinished.length >= maxUnfinished) {
      throw new AppError(
        "conflict",
        `${maxUnfinished} exports of this website are not finished. Wait for one of them.`,
      );
    }
    const expiresAt = new Date(Date.now() + limits.exportDays * dayMs);
    await insertExport(tx, { websiteId, id, scope, format, requestedBy: by.user.id, expiresAt });
    events.audit(by, exportRecord(scopeOf(websiteId, scope), format, name));
    return (await findExport(tx, { websiteId, id }))!;
  });
  // A job that is lost here is added again by the sweep.
  await addJob(ctx.pools.queries, await findJobsSchema(ctx.pools.queries), runExportJob, { websiteId, id });
  return row;
}

/** @throws AppError "not_found" if it is not there, or not finished */
export async function openExport(
  ctx: Ctx,
  { db, ...key }: Key & { id: string },
): Promise<{ name: string; contentType: string; sizeBytes: number; body: Readable }> {
  const row = await findExport(db, key);
  if (row?.state !== "done" || row.expiresAt <= new Date()) throw notFound();
  const body = await ctx.storage.get(keyOf(row));
  return { name: fileNameOf(row), contentType: contentTypeOf(row.format), sizeBytes: row.sizeBytes!, body };
}

/** Deletes an export and its file. A run that goes on deletes its file itself. @throws AppError "not_found" */
export async function removeExport(ctx: Ctx, by: ByUser, { db, ...key }: Key & { id: string }): Promise<void> {
  const row = await findExport(db, key);
  if (!row) throw notFound();
  await ctx.storage.deleteAllVersions(keyOf(row));
  await transact(ctx, db, async (tx, events) => {
    await deleteExport(tx, key);
    const target = { kind: "website" as const, id: String(key.websiteId), name: "" };
    events.audit(by, { websiteId: key.websiteId, action: "export.deleted", target });
  });
}

const notFound = () => new AppError("not_found", "There is no such export. It may have expired: ask for it again.");
