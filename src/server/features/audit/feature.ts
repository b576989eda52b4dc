import { z } from "zod";
import { queriesOf } from "#database/query-plans/define-query.ts";
import { AuditPage, AuditQuery } from "#protocol/audit.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import * as queries from "./queries.ts";
import { asEntry } from "./view.ts";

const list = defineCommand({
  name: "audit.list",
  summary: "The audit log of the website: who did what, newest first.",
  access: "admin",
  http: { method: "GET", path: "/websites/:websiteId/audit" },
  params: z.object({ websiteId: WebsiteId, ...AuditQuery.shape }),
  answer: AuditPage,
  async handle(_ctx, { db, params: { cursor, limit, ...filter } }) {
    const rows = await queries.listEntries(db, { ...filter, before: readCursor(cursor), limit: limit + 1 });
    const page = rows.slice(0, limit);
    return { entries: page.map(asEntry), nextCursor: rows.length > limit ? page.at(-1)!.id : null };
  },
});

export const audit: Feature = { commands: [list], queries: queriesOf(queries) };

export const { expireEntries } = queries;

function readCursor(cursor: string | undefined): string | null {
  const { success, data } = Uuid.optional().safeParse(cursor);
  if (success) return data ?? null;
  throw new AppError("invalid_cursor", "The cursor is not from a page of the audit log. Start at the first page.");
}
