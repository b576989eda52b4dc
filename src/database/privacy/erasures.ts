import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type Key = { websiteId: number; visitorId: string };

export type Erasure = Key & {
  conversationIds: string[];
  requestedAt: Date;
  undoneAt: Date | null;
  /** null: it can still be undone */
  erasedAt: Date | null;
  /** how many rows of each table went */
  removed: Record<string, number>;
};

const columns = sql`
  website_id as "websiteId", visitor_id as "visitorId", conversation_ids as "conversationIds",
  requested_at as "requestedAt", undone_at as "undoneAt", erased_at as "erasedAt", removed`;

/**
 * Records the deletion of a visitor, in its transaction. The list has all conversations of theirs, and keeps those that an
 * earlier deletion named.
 * @param conversationIds  more of them than the database knows
 * @param at               null: now
 */
export const recordDeletion = defineQuery(
  {
    name: "a deletion of a visitor, in the ledger",
    indexes: ["erasures_pkey", "conversations_by_visitor"],
    includesDeleted: { conversations: "those that were deleted before go too" },
    sample: ({ websiteId, visitorId, conversationId }) => [
      { websiteId, visitorId, conversationIds: [conversationId], at: null },
    ],
  },
  async (tx: Db, p: Key & { conversationIds: string[]; at: Date | null }): Promise<void> => {
    await sql`
      insert into erasures as e (website_id, visitor_id, conversation_ids, requested_at)
      values (${p.websiteId}, ${p.visitorId}, array(
          select c.id from conversations c where c.website_id = ${p.websiteId} and c.visitor_id = ${p.visitorId}
          union
          select unnest(${p.conversationIds}::uuid[])),
        coalesce(${p.at}::timestamptz, now()))
      on conflict (website_id, visitor_id) do update
      set conversation_ids = ${unionOfIds},
        requested_at = excluded.requested_at, undone_at = null, is_stored = false`.rows(tx);
  },
);

const unionOfIds = sql`array(select unnest(e.conversation_ids) union select unnest(excluded.conversation_ids))`;

/** Records that a visitor was brought back, in its transaction. */
export const recordUndo = defineQuery(
  {
    name: "a visitor brought back, in the ledger",
    indexes: ["erasures_pkey"],
    buffers: 20,
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId }],
  },
  async (tx: Db, { websiteId, visitorId }: Key): Promise<void> => {
    await sql`
      update erasures
      set undone_at = now(), is_stored = false
      where website_id = ${websiteId}
        and visitor_id = ${visitorId}`.rows(tx);
  },
);

const sumOfCounts = sql`(
  select coalesce(jsonb_object_agg(key, total), '{}')
  from (
    select key, sum(value::bigint) as total
    from (select * from jsonb_each_text(e.removed) union all select * from jsonb_each_text(excluded.removed)) counts
    group by key) totals)`;

/** Records what went of a visitor's rows before the visitor did, in its transaction. */
export const addToReceipt = defineQuery(
  {
    name: "a part of an erasure, in the ledger",
    indexes: ["erasures_pkey"],
    buffers: 30,
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId, removed: { messages: 1 } }],
  },
  async (tx: Db, { websiteId, visitorId, removed }: Key & { removed: Record<string, number> }): Promise<void> => {
    await sql`
      update erasures e
      set removed = ${sumOfCounts}
      from (select ${JSON.stringify(removed)}::jsonb as removed) excluded
      where e.website_id = ${websiteId}
        and e.visitor_id = ${visitorId}
        and e.undone_at is null`.rows(tx);
  },
);

/** Records that a visitor is erased, in its transaction. What went of theirs before stays in the receipt. */
export const recordErasure = defineQuery(
  {
    name: "an erasure, in the ledger",
    indexes: ["erasures_pkey"],
    buffers: 30,
    sample: ({ websiteId, visitorId }) => [
      { websiteId, visitorId, conversationIds: [], removed: {}, requestedAt: new Date(), erasedAt: new Date() },
    ],
  },
  async (tx: Db, p: Omit<Erasure, "undoneAt" | "erasedAt"> & { erasedAt: Date }): Promise<void> => {
    await sql`
      insert into erasures as e (website_id, visitor_id, conversation_ids, requested_at, erased_at, removed)
      values (${p.websiteId}, ${p.visitorId}, ${p.conversationIds}::uuid[], ${p.requestedAt}, ${p.erasedAt},
        ${JSON.stringify(p.removed)})
      on conflict (website_id, visitor_id) do update
      set conversation_ids = ${unionOfIds},
        undone_at = null, erased_at = excluded.erased_at, removed = ${sumOfCounts}, is_stored = false`.rows(tx);
  },
);

/** What the object store does not have as it is, of all websites. */
export const listUnstored = defineQuery(
  {
    name: "erasures that the object store does not have yet",
    indexes: ["erasures_unstored"],
    buffers: 120,
    sample: () => [100],
  },
  (db: Db, limit: number) =>
    sql<Erasure>`
      select ${columns}
      from erasures
      where not is_stored
      order by website_id, visitor_id
      limit ${limit}`.rows(db),
);

/** Unless it has changed meanwhile: then the next run stores it again. One that was undone leaves the ledger. */
export const markStored = defineQuery(
  {
    name: "an erasure that the object store has",
    indexes: ["erasures_pkey", "erasures_unstored"],
    buffers: 30,
    sample: ({ websiteId, visitorId }) => [
      { websiteId, visitorId, requestedAt: new Date(), undoneAt: null, erasedAt: null },
    ],
  },
  async (
    db: Db,
    p: Pick<Erasure, "websiteId" | "visitorId" | "requestedAt" | "undoneAt" | "erasedAt">,
  ): Promise<void> => {
    const unchanged = sql`
      website_id = ${p.websiteId}
      and visitor_id = ${p.visitorId}
      and requested_at = ${p.requestedAt}
      and undone_at is not distinct from ${p.undoneAt}::timestamptz
      and erased_at is not distinct from ${p.erasedAt}::timestamptz`;
    if (p.undoneAt) await sql`delete from erasures where ${unchanged}`.rows(db);
    else await sql`update erasures set is_stored = true where ${unchanged}`.rows(db);
  },
);

export const findErasure = defineQuery(
  {
    name: "an erasure",
    indexes: ["erasures_pkey"],
    buffers: 6,
    sample: ({ websiteId, visitorId }) => [{ websiteId, visitorId }],
  },
  async (db: Db, { websiteId, visitorId }: Key): Promise<Erasure | null> => {
    const rows = await sql<Erasure>`
      select ${columns} from erasures where website_id = ${websiteId} and visitor_id = ${visitorId}`.rows(db);
    return rows[0] ?? null;
  },
);
