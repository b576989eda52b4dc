import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import type { Hold } from "#protocol/holds.ts";

type Target = { websiteId: number; targetId: string };
type TypedTarget = Target & { targetKind: Hold["targetKind"] };
type NewHold = TypedTarget & { reason: string; by: string | null };

/**
 * Locks what a hold is to name: a conversation, or a visitor with all conversations. What is being deleted at this moment is
 * gone afterwards, and no query finds it. @returns false if it is not there
 */
export const lockTarget = defineQuery(
  {
    name: "what a legal hold names",
    indexes: ["conversations_pkey", "conversations_by_visitor", "visitors_pkey"],
    buffers: 400,
    includesDeleted: {
      conversations: "a hold keeps those in the trash too",
      visitors: "a hold keeps a deleted one too",
    },
    sample: ({ websiteId, visitorId }): [TypedTarget] => [{ websiteId, targetId: visitorId, targetKind: "visitor" }],
  },
  async (tx: Db, { websiteId, targetId, targetKind }: TypedTarget): Promise<boolean> => {
    const [table, ofVisitor] = targetKind === "visitor" ? ["visitors", "visitor_id"] : ["conversations", "id"];
    const found = await sql`
      select from ${raw(table!)} where website_id = ${websiteId} and id = ${targetId} for update`.rows(tx);
    await sql`
      select from conversations where website_id = ${websiteId} and ${raw(ofVisitor!)} = ${targetId} for update`.rows(
      tx,
    );
    return found.length === 1;
  },
);

/** @returns false if there is one already */
export const insertHold = defineQuery(
  {
    name: "a new legal hold",
    indexes: ["holds_pkey", "memberships_pkey"],
    buffers: 40,
    sample: ({ websiteId, agentId, visitorId }): [NewHold] => [
      { websiteId, targetId: visitorId, targetKind: "visitor", reason: "A case", by: agentId },
    ],
  },
  async (tx: Db, p: NewHold): Promise<boolean> => {
    const rows = await sql`
      insert into holds (website_id, target_id, target_kind, reason, placed_by)
      values (${p.websiteId}, ${p.targetId}, ${p.targetKind}, ${p.reason}, ${p.by})
      on conflict do nothing
      returning target_id`.rows(tx);
    return rows.length === 1;
  },
);

/** @returns what it named; null if there is none */
export const deleteHold = defineQuery(
  {
    name: "the end of a legal hold",
    indexes: ["holds_pkey"],
    buffers: 10,
    sample: ({ websiteId, visitorId }) => [{ websiteId, targetId: visitorId }],
  },
  async (tx: Db, { websiteId, targetId }: Target): Promise<Hold["targetKind"] | null> => {
    const rows = await sql<{ targetKind: Hold["targetKind"] }>`
      delete from holds
      where website_id = ${websiteId} and target_id = ${targetId}
      returning target_kind as "targetKind"`.rows(tx);
    return rows[0]?.targetKind ?? null;
  },
);

type HoldRow = Omit<Hold, "placedAt" | "placedBy"> & {
  placedAt: Date;
  placedBy: string | null;
  placedByName: string | null;
};

export const listHolds = defineQuery(
  {
    name: "legal holds of a website",
    indexes: ["holds_pkey", "memberships_pkey"],
    includesDeleted: { memberships: "former agents are named too" },
    sample: ({ websiteId }) => [websiteId],
  },
  (db: Db, websiteId: number) =>
    sql<HoldRow>`
      select h.target_kind as "targetKind", h.target_id as "targetId", h.reason, h.placed_at as "placedAt",
        h.placed_by as "placedBy", m.name as "placedByName"
      from holds h
      left join memberships m on m.website_id = h.website_id and m.user_id = h.placed_by
      where h.website_id = ${websiteId}
      order by h.placed_at desc`.rows(db),
);
