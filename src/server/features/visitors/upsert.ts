import { deleted, live } from "#database/conditions.ts";
import { sql } from "#database/sql.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";

/** What the server knows from a visitor's browser. */
export type VisitorFacts = {
  pageUrl: string | null;
  pageTitle: string | null;
  userAgent: string | null;
  language: string | null;
};

/**
 * Makes or finds visitors' rows, brings them up to date and locks them, in key order. Answers with nothing for a visitor in
 * the trash, whose row must come back as it was, and for one who was erased: a row with that id would be erased again by the
 * next restore.
 * @param isLoggedIn  all of them are, or none
 */
export function upsertVisitors(writers: { visitor: VisitorSession; facts: VisitorFacts }[], isLoggedIn: boolean) {
  const target = isLoggedIn ? sql`(website_id, external_id) where external_id is not null` : sql`(website_id, id)`;
  const visitors = writers.map(({ visitor: { consent, ...visitor }, facts }) => ({
    ...{ ...visitor, ...facts },
    noticeId: consent?.noticeId ?? null,
    acceptedAt: consent?.at ?? null,
  }));
  const column = (name: keyof (typeof visitors)[number]) => visitors.map(visitor => visitor[name]);
  return sql<{ id: string }>`
    insert into visitors as v (website_id, id, external_id, name, email, page_url, page_title, user_agent, language,
      notice_id, notice_accepted_at)
    select t.*
    from unnest(${column("websiteId")}::integer[], ${column("visitorId")}::uuid[], ${column("externalId")}::text[],
      ${column("name")}::text[], ${column("email")}::text[], ${column("pageUrl")}::text[], ${column("pageTitle")}::text[],
      ${column("userAgent")}::text[], ${column("language")}::text[], ${column("noticeId")}::text[],
      ${column("acceptedAt")}::timestamptz[]) as t (website_id, id, external_id)
    where not exists (
      select from visitors d
      where d.website_id = t.website_id
        and d.id = t.id
        -- A case: the plain condition would lead the planner to the index of all deleted visitors.
        and case when ${deleted("d")} then true else false end)
      -- A value: as a join, the planner would read all erasures of the website.
      and (select e.erased_at from erasures e where e.website_id = t.website_id and e.visitor_id = t.id) is null
    order by t.website_id, t.external_id, t.id
    on conflict ${target} do update
    set name = coalesce(excluded.name, v.name),
      email = coalesce(excluded.email, v.email),
      email_left_at = case when excluded.email is null then v.email_left_at end,
      page_url = coalesce(excluded.page_url, v.page_url),
      page_title = coalesce(excluded.page_title, v.page_title),
      user_agent = coalesce(excluded.user_agent, v.user_agent),
      language = coalesce(excluded.language, v.language),
      notice_id = coalesce(excluded.notice_id, v.notice_id),
      notice_accepted_at = coalesce(excluded.notice_accepted_at, v.notice_accepted_at),
      last_seen_at = now()
    where ${live("v")}
    returning id`;
}
