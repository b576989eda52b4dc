import { z } from "zod";
import { type DatedBackup, heldInBackups, listStoredBackups } from "#database/backup/holders/in-backups.ts";
import { areBackupsOn } from "#database/backup/schedule/open.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { maxBackupDays } from "#protocol/backup-schedule.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { DeletedMyself, type Erasure, ErasuresPage, visitorCorrection, ZipFile } from "#protocol/privacy.ts";
import { defineCommand, defineHttpCommand } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { countContents, deleteVisitor, restoreVisitor } from "#server/features/trash/feature.ts";
import { correct, downloadVisitor, restrict } from "./actions.ts";
import * as queries from "./queries.ts";
import { type ErasureRow, listErasures } from "./queries.ts";

const dayMs = 86_400_000;

const website = z.object({ websiteId: WebsiteId });
const visitor = website.extend({ visitorId: Uuid });
const path = "/websites/:websiteId/visitors/:visitorId";

const download = defineHttpCommand({
  name: "visitor.download",
  summary: "Everything that is kept of a visitor, as a zip with a JSON file for each table.",
  access: "admin",
  audit: ["visitor.downloaded"],
  limit: "download",
  http: { method: "GET", path: `${path}/data` },
  params: visitor,
  answer: ZipFile,
  handle: (ctx, { db, params, request, ...by }) => downloadVisitor(ctx, by, { db, ...params }, request),
});

const correctVisitor = defineCommand({
  name: "visitor.correct",
  summary:
    "Correct a visitor's name, e-mail address or attributes. The audit log gets the fields' names, and no value.",
  access: "admin",
  audit: ["visitor.corrected"],
  http: { method: "PATCH", path },
  params: visitor.extend(visitorCorrection),
  example: { name: "Ada Lovelace" },
  handle: (ctx, { db, params, ...by }) => correct(ctx, by, { db, ...params }),
});

const restrictVisitor = defineCommand({
  name: "visitor.restrict",
  summary: "Keep a visitor's data without using it: agents cannot write to them, and exports leave them out.",
  access: "admin",
  audit: ["visitor.restricted"],
  http: { method: "POST", path: `${path}/restrict` },
  params: visitor,
  handle: (ctx, { db, params, ...by }) => restrict(ctx, by, { db, ...params, isRestricted: true }),
});

const unrestrictVisitor = defineCommand({
  name: "visitor.unrestrict",
  summary: "End the restriction of a visitor's data.",
  access: "admin",
  audit: ["visitor.unrestricted"],
  http: { method: "POST", path: `${path}/unrestrict` },
  params: visitor,
  handle: (ctx, { db, params, ...by }) => restrict(ctx, by, { db, ...params, isRestricted: false }),
});

const list = defineCommand({
  name: "erasure.list",
  summary: "The deletions of people, with what went and until when backups may hold it; the last request first.",
  access: "admin",
  http: { method: "GET", path: "/websites/:websiteId/erasures" },
  params: website.extend({ cursor: z.string().max(100).optional() }),
  answer: ErasuresPage,
  async handle(ctx, { db, params: { websiteId, cursor = null } }) {
    const { rows, nextCursor } = await listErasures(db, { websiteId, cursor, limit: limits.pageSize });
    const backups = rows.some(({ erasedAt }) => erasedAt) ? await findBackups(ctx) : null;
    return { erasures: rows.map(row => asErasure(row, backups)), nextCursor };
  },
});

/** null: the store is away; the receipts are shown without it. */
async function findBackups({ config, pools }: Ctx): Promise<DatedBackup[] | null> {
  try {
    return (await listStoredBackups(config, pools.queries, new Date())).backups;
  } catch (error) {
    if (error instanceof AppError && error.code === "storage_unavailable") return null;
    throw error;
  }
}

function asErasure(row: ErasureRow, backups: DatedBackup[] | null): Erasure {
  const { visitorId, requestedAt, erasedAt, removed } = row;
  const held = erasedAt && backups && heldInBackups(backups, erasedAt);
  return {
    visitorId,
    requestedAt: requestedAt.toISOString(),
    erasedAt: erasedAt?.toISOString() ?? null,
    removed,
    inBackups: held?.inBackups ?? null,
    inBackupsUntil: held?.inBackupsUntil?.toISOString() ?? null,
  };
}

const downloadMine = defineHttpCommand({
  name: "visitor.download",
  summary: "Everything that is kept of the visitor who asks, as a zip with a JSON file for each table.",
  access: "visitor",
  audit: ["visitor.downloaded"],
  limit: "download",
  http: { method: "GET", path: "/widget/privacy/data", crossOrigin: true },
  answer: ZipFile,
  handle(ctx, { db, request, ...by }) {
    const { websiteId, visitorId } = by.visitor;
    return downloadVisitor(ctx, by, { db, websiteId, visitorId }, request);
  },
});

const deleteMine = defineCommand({
  name: "visitor.delete",
  summary: "Delete the visitor who asks, with all of their conversations. For 30 days it can be undone.",
  access: "visitor",
  audit: ["visitor.deleted"],
  http: { method: "POST", path: "/widget/privacy/delete", crossOrigin: true },
  answer: DeletedMyself,
  async handle(ctx, { db, ...by }) {
    const { websiteId, visitorId } = by.visitor;
    const { messages } = await countContents(db, { websiteId, visitorId });
    const { conversations } = await deleteVisitor(ctx, by, { db, websiteId, visitorId, reason: "" });
    const undoableUntil = Date.now() + limits.undoDays * dayMs;
    const inBackupsUntil = undoableUntil + maxBackupDays * dayMs;
    return {
      receipt: visitorId,
      ...{ conversations, messages },
      undoableUntil: new Date(undoableUntil).toISOString(),
      inBackupsUntil: areBackupsOn(ctx.config) ? new Date(inBackupsUntil).toISOString() : null,
    };
  },
});

const undoMine = defineCommand({
  name: "visitor.restore",
  summary: "Undo the deletion of the visitor who asks.",
  access: "visitor",
  audit: ["visitor.restored"],
  http: { method: "POST", path: "/widget/privacy/undo", crossOrigin: true },
  async handle(ctx, { db, ...by }) {
    const { websiteId, visitorId } = by.visitor;
    await restoreVisitor(ctx, by, { db, websiteId, visitorId });
  },
});

export const privacy: Feature = {
  commands: [
    ...[download, correctVisitor, restrictVisitor, unrestrictVisitor, list],
    ...[downloadMine, deleteMine, undoMine],
  ],
  queries: queriesOf(queries),
};
