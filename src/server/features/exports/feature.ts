import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { Export, ExportFormat, ExportList, ExportScope } from "#protocol/exports.ts";
import { defineCommand, defineHttpCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { openExport, removeExport, requestExport } from "./actions.ts";
import * as queries from "./queries.ts";
import { type ExportRow, endExportsOf, endExportsOfConversation, listExports } from "./queries.ts";

const website = z.object({ websiteId: WebsiteId });
const one = website.extend({ exportId: Uuid });
const path = "/websites/:websiteId/exports";

/** A website has few: each expires after 7 days. */
const maxListed = 100;

const create = defineCommand({
  name: "export.create",
  summary: "Ask for an export. A job writes its file, which expires after 7 days.",
  access: "admin",
  audit: ["website.exported", "conversation.exported", "visitor.exported"],
  http: { method: "POST", path },
  params: website.extend({ scope: ExportScope, format: ExportFormat }),
  example: { scope: { kind: "month", month: "2026-10" }, format: "csv" },
  answer: Export,
  handle: async (ctx, { db, params, ...by }) => asExport(await requestExport(ctx, by, { db, ...params })),
});

const list = defineCommand({
  name: "export.list",
  summary: "The exports of the last 7 days, newest first, with their progress.",
  access: "admin",
  http: { method: "GET", path },
  params: website,
  answer: ExportList,
  async handle(_ctx, { db, params: { websiteId } }) {
    return { exports: (await listExports(db, { websiteId, limit: maxListed })).map(asExport) };
  },
});

const download = defineHttpCommand({
  name: "export.download",
  summary: "The file of an export that is done.",
  access: "admin",
  http: { method: "GET", path: `${path}/:exportId/file` },
  params: one,
  answer: z.string().describe("the bytes of the file"),
  async handle(ctx, { db, params: { websiteId, exportId }, request }) {
    const { name, contentType, sizeBytes, body } = await openExport(ctx, { db, websiteId, id: exportId });
    request.setHeader("content-type", contentType);
    request.setHeader("content-length", String(sizeBytes));
    request.setHeader("content-disposition", `attachment; filename="${name}"`);
    // Fastify streams it, and serialises no stream.
    return body as unknown as string;
  },
});

const remove = defineCommand({
  name: "export.delete",
  summary: "Delete an export with its file.",
  access: "admin",
  audit: ["export.deleted"],
  http: { method: "DELETE", path: `${path}/:exportId` },
  params: one,
  handle: (ctx, { db, params: { websiteId, exportId }, ...by }) =>
    removeExport(ctx, by, { db, websiteId, id: exportId }),
});

const asExport = ({ requestedBy, requestedByName, createdAt, expiresAt, websiteId: _, ...row }: ExportRow): Export => ({
  ...row,
  requestedBy: { id: requestedBy, name: requestedByName ?? "" },
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});

export { endExportsOf, endExportsOfConversation };

export const exportsFeature: Feature = {
  commands: [create, list, download, remove],
  queries: queriesOf(queries),
};
