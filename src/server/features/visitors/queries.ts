import { deleted, live, ofLiveConversation } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { Visitor } from "#protocol/visitors.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import { upsertVisitors, type VisitorFacts } from "./upsert.ts";

type Key = { websiteId: number; visitorId: string };

const someFacts = { pageUrl: "https://shop.invalid/", pageTitle: "Shop", userAgent: "none", language: "en" };

/**
 * Inserts or updates the visitor's row, and locks it.
 * @returns the row's id; for a logged-in visitor the id that their first device got; null: the visitor is deleted
 */
export const upsertVisitor = defineQuery(
  {
    name: "a visitor who writes",
    indexes: ["visitors_pkey", "erasures_pkey"],
    buffers: 44,
    cases: [
      {
        name: "unknown",
        sample: ({ websiteId, visitorId }) => [
          { websiteId, visitorId, externalId: null, name: "Ada", email: null },
          someFacts,
        ],
      },
      {
        name: "logged in",
        sample: ({ websiteId, visitorId, externalId }) => [
          { websiteId, visitorId, externalId, name: "Ada", email: null },
          someFacts,
        ],
      },
    ],
  },
  async (tx: Db, visitor: VisitorSession, facts: VisitorFacts): Promise<string | null> => {
    const [row] = await upsertVisitors([{ visitor, facts }], visitor.externalId !== null).rows(tx);
    return row?.id ?? null;
  },
);

/**
 * Stores the current pages of visitors; does nothing for visitors without a row. Skips a locked row: the message that locks
 * it stores the page too.
 * @param visits  one per visitor
 */
export const updateLastSeen = defineQuery(
  {
    name: "where visitors are",
    indexes: ["visitors_pkey"],
    buffers: 40,
    sample: ({ websiteId, visitorId }) => [[{ websiteId, visitorId, ...someFacts }]],
  },
  async (db: Db, visits: (Key & VisitorFacts)[]): Promise<void> => {
    const column = (name: keyof (Key & VisitorFacts)) => visits.map(visit => visit[name]);
    await sql`
      with seen as (
        select *
        from unnest(${column("websiteId")}::integer[], ${column("visitorId")}::uuid[], ${column("pageUrl")}::text[],
          ${column("pageTitle")}::text[], ${column("userAgent")}::text[], ${column("language")}::text[])
          as t (website_id, id, page_url, page_title, user_agent, language)),
      free as (
        select v.website_id, v.id, seen.page_url, seen.page_title, seen.user_agent, seen.language
        from seen
        join visitors v on v.website_id = seen.website_id and v.id = seen.id and ${live("v")}
        for no key update of v skip locked)
      update visitors v
      set last_seen_at = now(),
        page_url = coalesce(nullif(free.page_url, ''), v.page_url),
        page_title = coalesce(nullif(free.page_title, ''), v.page_title),
        user_agent = coalesce(nullif(free.user_agent, ''), v.user_agent),
        language = coalesce(nullif(free.language, ''), v.language)
      from free
      where v.website_id = free.website_id
        and v.id = free.id`.rows(db);
  },
);

/** Stores the notice that a visitor has accepted; of one accepted twice the first time. Without a row it does nothing. */
export const updateConsent = defineQuery(
  {
    name: "a visitor's consent",
    indexes: ["visitors_pkey"],
    buffers: 30, // all indexes, where the page has no room for the new version
    sample: ({ websiteId, visitorId }) => [
      { websiteId, visitorId },
      { noticeId: "none", at: "2026-01-01T00:00:00Z" },
    ],
  },
  async (db: Db, { websiteId, visitorId }: Key, { noticeId, at }: { noticeId: string; at: string }): Promise<void> => {
    await sql`
      update visitors v
      set notice_id = ${noticeId}, notice_accepted_at = ${at}
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${live("v")}
        and v.notice_id is distinct from ${noticeId}`.rows(db);
  },
);

/** @returns false for a visitor who is deleted */
export const lockVisitor = defineQuery(
  {
    name: "lock of a visitor",
    indexes: ["visitors_pkey"],
    buffers: 12,
    sample: key => [key],
  },
  async (tx: Db, { websiteId, visitorId }: Key): Promise<boolean> => {
    const rows = await sql`
      select v.id
      from visitors v
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${live("v")}
      for update`.rows(tx);
    return rows.length === 1;
  },
);

/** A deleted visitor has written: from now on their token begins a session of another visitor. */
export const markReplaced = defineQuery(
  {
    name: "a deleted visitor who writes",
    indexes: ["visitors_pkey", "visitors_deleted"],
    buffers: 20,
    sample: key => [key],
  },
  async (db: Db, { websiteId, visitorId }: Key): Promise<void> => {
    await sql`
      update visitors v
      set replaced_at = now()
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${deleted("v")}
        and v.replaced_at is null`.rows(db);
  },
);

/** True for a visitor who was deleted and has written since, and for one who was erased. */
export const isReplaced = defineQuery(
  {
    name: "whether a visitor was replaced",
    indexes: ["visitors_pkey", "visitors_deleted", "erasures_pkey"],
    buffers: 10,
    sample: key => [key],
  },
  async (db: Db, { websiteId, visitorId }: Key): Promise<boolean> => {
    const rows = await sql`
      select v.id
      from visitors v
      where v.website_id = ${websiteId}
        and v.id = ${visitorId}
        and ${deleted("v")}
        and v.replaced_at is not null
      union all
      select e.visitor_id
      from erasures e
      where e.website_id = ${websiteId}
        and e.visitor_id = ${visitorId}
        and e.erased_at is not null`.rows(db);
    return rows.length === 1;
  },
);

/** The id of a logged-in visitor's row, found by the website's own id of the visitor. */
export const findVisitorId = defineQuery(
  {
    name: "visitor by the website's own id of them",
    indexes: ["visitors_by_external_id"],
    buffers: 6,
    includesDeleted: { visitors: "a deleted visitor's external_id is null" },
    sample: key => [key],
  },
  async (db: Db, { websiteId, externalId }: { websiteId: number; externalId: string }): Promise<string | null> => {
    const row = await db
      .selectFrom("visitors")
      .select("id")
      .where("website_id", "=", websiteId)
      .where("external_id", "=", externalId)
      .executeTakeFirst();
    return row?.id ?? null;
  },
);

export const getVisitor = defineQuery(
  {
    name: "a visitor",
    indexes: ["visitors_pkey"],
    buffers: 6,
    includesDeleted: { visitors: ofLiveConversation.visitors },
    sample: key => [key],
  },
  async (db: Db, { websiteId, visitorId }: Key): Promise<Omit<Visitor, "online">> => {
    const row = await db
      .selectFrom("visitors")
      .select(["id", "external_id as externalId", "name", "email", "language"])
      .select(["page_url as pageUrl", "page_title as pageTitle", "user_agent as userAgent"])
      .select(["first_seen_at as firstSeenAt", "last_seen_at as lastSeenAt", "attributes"])
      .select(["notice_accepted_at as noticeAcceptedAt", "restricted_at as restrictedAt"])
      .select("email_left_at as emailLeftAt")
      .where("website_id", "=", websiteId)
      .where("id", "=", visitorId)
      .executeTakeFirstOrThrow();
    return {
      ...row,
      attributes: row.attributes as Record<string, unknown>,
      noticeAcceptedAt: row.noticeAcceptedAt?.toISOString() ?? null,
      restrictedAt: row.restrictedAt?.toISOString() ?? null,
      emailLeftAt: row.emailLeftAt?.toISOString() ?? null,
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
    };
  },
);
