import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import type { MonthState, WaitsFor } from "#protocol/retention.ts";

/** A month of messages, and where it is. */
export type Month = {
  /** such as 2026-08 */
  month: string;
  /** the bounds of its conversations' ids */
  fromId: string;
  untilId: string;
  endsAt: Date;
  state: MonthState;
  archivedAt: Date | null;
  exportedAt: Date | null;
  detachedAt: Date | null;
  droppedAt: Date | null;
  /** estimated by the last analyze, of an exported month counted; null: not known yet */
  messages: number | null;
  conversations: number | null;
  /** with its indexes */
  sizeBytes: number;
  /** of the manifest in the storage */
  exportKey: string | null;
  isChanged: boolean;
  /** what the last run found */
  nextStep: MonthState | null;
  nextAt: Date | null;
  waitsFor: WaitsFor[];
};

/** Every month, the oldest first. */
export const listMonths = defineQuery(
  { name: "the months of messages", indexes: ["message_months_pkey"], sample: () => [] },
  (db: Db): Promise<Month[]> =>
    sql<Month>`
      select to_char(m.month, 'YYYY-MM') as month, m.from_id as "fromId", m.until_id as "untilId",
        (m.month + interval '1 month') at time zone 'UTC' as "endsAt", m.state, m.archived_at as "archivedAt",
        m.exported_at as "exportedAt", m.detached_at as "detachedAt", m.dropped_at as "droppedAt",
        coalesce(m.messages::float, case when c.reltuples >= 0 then c.reltuples::float end) as messages,
        m.conversations::float as conversations, coalesce(pg_total_relation_size(c.oid), 0)::float as "sizeBytes",
        m.export_key as "exportKey", m.is_changed as "isChanged", m.next_step as "nextStep", m.next_at as "nextAt",
        m.waits_for as "waitsFor"
      from message_months m
      left join pg_class c on c.oid = to_regclass('messages_' || to_char(m.month, 'YYYY_MM'))
      order by m.month`.rows(db),
);

/** Keeps what a run found, for people. */
export const saveNextStep = defineQuery(
  {
    name: "the next step of a month",
    indexes: ["message_months_pkey"],
    sample: () => [{ month: "2026-08", nextStep: null, nextAt: null, waitsFor: [] }],
  },
  (db: Db, p: Pick<Month, "month" | "nextStep" | "nextAt" | "waitsFor">) =>
    sql`
      update message_months
      set next_step = ${p.nextStep}, next_at = ${p.nextAt}, waits_for = ${JSON.stringify(p.waitsFor)}::jsonb
      where month = ${`${p.month}-01`}::date`.rows(db),
);

/** A website's conversations of a month. */
export type Use = {
  websiteId: number;
  conversations: number;
  lastMessageAt: Date;
  /** of those in the trash */
  lastDeletedAt: Date | null;
};

export const findUse = defineQuery(
  {
    name: "a website's conversations of a month",
    indexes: ["conversations_pkey"],
    sample: ({ websiteId, conversationId }) => [{ websiteId, fromId: conversationId, untilId: conversationId }],
  },
  async (db: Db, p: { websiteId: number; fromId: string; untilId: string }): Promise<Use | null> => {
    const [use] = await sql<Use & { lastMessageAt: Date | null }>`
      select c.website_id as "websiteId", count(*)::integer as conversations, max(c.last_message_at) as "lastMessageAt",
        max(c.deleted_at) as "lastDeletedAt"
      from conversations c
      where c.website_id = ${p.websiteId}
        and c.id >= ${p.fromId}
        and c.id < ${p.untilId}
      group by c.website_id`.rows(db);
    return use ?? null;
  },
);

/** A website's conversations of a month that legal holds keep, by what the holds name. */
export type MonthHold = { websiteId: number; targetKind: "conversation" | "visitor"; targetId: string };

export const listMonthHolds = defineQuery(
  {
    name: "legal holds that a month waits for",
    indexes: ["holds_pkey", "conversations_pkey", "conversations_by_visitor"],
    includesDeleted: { conversations: "a hold keeps those in the trash too" },
    sample: ({ websiteId, conversationId }) => [{ websiteId, fromId: conversationId, untilId: conversationId }],
  },
  (db: Db, p: { websiteId: number; fromId: string; untilId: string }): Promise<MonthHold[]> =>
    sql<MonthHold>`
      select h.website_id as "websiteId", h.target_kind as "targetKind", h.target_id as "targetId"
      from holds h
      where h.website_id = ${p.websiteId}
        and (
          h.target_kind = 'conversation' and h.target_id >= ${p.fromId} and h.target_id < ${p.untilId}
          or h.target_kind = 'visitor' and exists (
            select from conversations c
            where c.website_id = h.website_id
              and c.visitor_id = h.target_id
              and c.id >= ${p.fromId}
              and c.id < ${p.untilId}))
      order by h.target_id`.rows(db),
);
