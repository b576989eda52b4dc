import { live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { none, type Sql, sql } from "#database/sql.ts";
import { PlaceInTime } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";

type Key = { websiteId: number; visitorId: string };

export type Kept = { noticeId: string | null; acceptedAt: Date | null };

/** The consent of a visitor, deleted or not; null if nothing is kept of them. */
export const findKept = defineQuery(
  {
    name: "whether a visitor is kept",
    indexes: ["visitors_pkey"],
    buffers: 6,
    includesDeleted: { visitors: "one in the trash is kept" },
    sample: key => [key],
  },
  async (db: Db, { websiteId, visitorId }: Key): Promise<Kept | null> => {
    const rows = await sql<Kept>`
      select v.notice_id as "noticeId", v.notice_accepted_at as "acceptedAt"
      from visitors v
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}`.rows(db);
    return rows[0] ?? null;
  },
);

type Correction = Key & {
  name?: string | null | undefined;
  email?: string | null | undefined;
  /** null removes one */
  attributes: Record<string, string | null>;
};

/** Corrects a locked visitor. */
export const correctVisitor = defineQuery(
  {
    name: "a correction of a visitor",
    indexes: ["visitors_pkey"],
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId, name: "Ada", attributes: {} }],
  },
  async (tx: Db, { websiteId, visitorId, name, email, attributes }: Correction): Promise<void> => {
    await sql`
      update visitors v
      set name = case when ${name !== undefined} then ${name ?? null} else v.name end,
        email = case when ${email !== undefined} then ${email ?? null} else v.email end,
        email_left_at = case when ${email === undefined} then v.email_left_at end,
        attributes = jsonb_strip_nulls(v.attributes || ${JSON.stringify(attributes)}::jsonb)
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${live("v")}`.rows(tx);
  },
);

/** Restricts a locked visitor, or ends that. @returns the ids of their conversations, if it changed anything */
export const setRestricted = defineQuery(
  {
    name: "a restriction of a visitor",
    indexes: ["visitors_pkey", "conversations_by_visitor", "conversations_pkey"],
    includesDeleted: { conversations: "one that is brought back is restricted too" },
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId, isRestricted: true }],
  },
  async (tx: Db, { websiteId, visitorId, isRestricted }: Key & { isRestricted: boolean }): Promise<string[]> => {
    await sql`
      update visitors v
      set restricted_at = case when ${isRestricted} then now() end
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${live("v")}
        and (v.restricted_at is not null) <> ${isRestricted}`.rows(tx);
    const rows = await sql<{ id: string }>`
      update conversations c
      set is_restricted = ${isRestricted}, version = c.version + 1, changed_at = now()
      where c.website_id = ${websiteId}
        and c.visitor_id = ${visitorId}
        and c.is_restricted <> ${isRestricted}
      returning c.id`.rows(tx);
    return rows.map(({ id }) => id);
  },
);

export type ErasureRow = {
  visitorId: string;
  requestedAt: Date;
  erasedAt: Date | null;
  removed: Record<string, number>;
};

/** A page of a website's deletions of people, the last request first. @throws AppError "invalid_cursor" */
export const listErasures = defineQuery(
  {
    name: "erasures of a website",
    indexes: ["erasures_by_time"],
    buffers: 60,
    sample: ({ websiteId }) => [{ websiteId, cursor: null, limit: 50 }],
  },
  async (db: Db, p: { websiteId: number; cursor: string | null; limit: number }) => {
    const rows = await sql<ErasureRow>`
      select e.visitor_id as "visitorId", e.requested_at as "requestedAt", e.erased_at as "erasedAt", e.removed
      from erasures e
      where e.website_id = ${p.websiteId}
        and e.undone_at is null
        ${p.cursor ? before(p.cursor) : none}
      order by e.requested_at desc, e.visitor_id desc
      limit ${p.limit + 1}`.rows(db);
    const page = rows.slice(0, p.limit);
    return { rows: page, nextCursor: rows.length > p.limit ? cursorOf(page.at(-1)!) : null };
  },
);

const cursorOf = ({ requestedAt, visitorId }: ErasureRow) => `${requestedAt.toISOString()}_${visitorId}`;

function before(cursor: string): Sql {
  const { data } = PlaceInTime.safeParse(cursor.split("_"));
  if (!data) {
    throw new AppError("invalid_cursor", "The cursor is not from a page of the erasures. Start at the first page.");
  }
  const [at, id] = data;
  return sql`and (e.requested_at, e.visitor_id) < (${at}, ${id})`;
}
