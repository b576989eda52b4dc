import { sql } from "kysely";
import type { Db } from "#database/connect.ts";

/** The conversations of a website that were deleted before a moment, those first that were deleted first. */
export async function listDeleted(
  db: Db,
  p: { websiteId: number; before: Date; limit: number },
): Promise<{ conversationId: string; deletedAt: Date }[]> {
  const { rows } = await sql<{ conversationId: string; deletedAt: Date }>`
    select id as "conversationId", deleted_at as "deletedAt"
    from conversations
    where website_id = ${p.websiteId}
      and deleted_at < ${p.before}
    order by deleted_at, id
    limit ${p.limit}`.execute(db);
  return rows;
}
