import { deleted, live } from "#database/conditions.ts";
import type { Db } from "#database/connect.ts";
import { undoable } from "#database/lifecycle/undoable.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

type OfUser = { websiteId: number; userId: string };

/** What a website has: visitors, conversations and messages that are not deleted. */
export const countWebsite = defineQuery(
  {
    name: "what a website has",
    // It reads all rows of the website; the statistics decide by which of the two.
    indexes: ["conversations_inbox", "conversations_pkey"],
    sample: ({ websiteId }) => [websiteId],
  },
  async (db: Db, websiteId: number): Promise<{ conversations: number; messages: number }> => {
    const [row] = await sql<{ conversations: number; messages: number }>`
      select count(*)::integer as conversations, coalesce(sum(c.last_seq), 0)::integer as messages
      from conversations c
      where c.website_id = ${websiteId}
        and c.status in ('open', 'resolved')
        and ${live("c")}`.rows(db);
    return row!;
  },
);

/** Deletes a locked website. */
export const markWebsiteDeleted = defineQuery(
  {
    name: "a deletion of a website",
    indexes: ["websites_pkey"],
    buffers: 20,
    includesDeleted: { websites: "lockWebsite found the row live" },
    sample: ({ websiteId, agentId }) => [{ websiteId, by: agentId, reason: "" }],
  },
  (tx: Db, p: { websiteId: number; by: string; reason: string }) =>
    sql`
      update websites
      set deleted_at = now()::timestamptz(3), deleted_by = ${p.by}, deletion_reason = ${p.reason}
      where id = ${p.websiteId}`.rows(tx),
);

export type DeletedWebsiteRow = {
  id: number;
  name: string;
  deletedAt: Date;
  deletedByName: string | null;
  reason: string;
};

const columns = sql`
  w.id, w.name, w.deleted_at as "deletedAt", w.deletion_reason as reason,
  (select a.name from memberships a where a.website_id = w.id and a.user_id = w.deleted_by) as "deletedByName"`;

/** The deleted websites that a user owns and that can be brought back, the last deletion first. */
export const listDeletedWebsites = defineQuery(
  {
    name: "deleted websites of an owner",
    indexes: ["memberships_of_user", "memberships_pkey", "websites_pkey"],
    buffers: 400,
    includesDeleted: { memberships: "former agents are named too" },
    sample: ({ agentId }) => [agentId],
  },
  (directory: Db, userId: string): Promise<DeletedWebsiteRow[]> =>
    sql<DeletedWebsiteRow>`
      select ${columns}
      from memberships m
      join websites w on w.id = m.website_id
      where m.user_id = ${userId}
        and m.removed_at is null
        and m.role = 'owner'
        and ${deleted("w")}
        and w.deleted_at > ${undoable}
      order by w.deleted_at desc, w.id`.rows(directory),
);

/** Every deleted website that can be brought back, for the command line. */
export const listAllDeletedWebsites = defineQuery(
  {
    name: "deleted websites",
    indexes: ["websites_pkey", "memberships_pkey"],
    includesDeleted: { memberships: "former agents are named too" },
    sample: () => [],
  },
  (directory: Db): Promise<DeletedWebsiteRow[]> =>
    sql<DeletedWebsiteRow>`
      select ${columns}
      from websites w
      where ${deleted("w")}
        and w.deleted_at > ${undoable}
      order by w.deleted_at desc, w.id`.rows(directory),
);

/** Locks a deleted website of an owner. @param userId  null: of anybody, for the command line */
export const lockDeletedWebsite = defineQuery(
  {
    name: "lock of a deleted website",
    indexes: ["websites_pkey", "memberships_pkey", "memberships_of_user"],
    buffers: 16,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  async (
    tx: Db,
    p: { websiteId: number; userId: string | null },
  ): Promise<{ id: number; name: string; deletedAt: Date } | null> => {
    const rows = await sql<{ id: number; name: string; deletedAt: Date }>`
      select w.id, w.name, w.deleted_at as "deletedAt"
      from websites w
      where w.id = ${p.websiteId}
        and ${deleted("w")}
        and (${p.userId}::uuid is null or exists (
          select
          from memberships m
          where m.website_id = w.id
            and m.user_id = ${p.userId}
            and m.removed_at is null
            and m.role = 'owner'))
      for update`.rows(tx);
    return rows[0] ?? null;
  },
);

/** Brings a locked website back. @returns false if it was deleted too long ago */
export const unmarkWebsiteDeleted = defineQuery(
  { name: "a website brought back", indexes: ["websites_pkey"], buffers: 20, sample: ({ websiteId }) => [websiteId] },
  async (tx: Db, websiteId: number): Promise<boolean> => {
    const rows = await sql`
      update websites w
      set deleted_at = null, deleted_by = null, deletion_reason = ''
      where w.id = ${websiteId}
        and w.deleted_at > ${undoable}
      returning w.id`.rows(tx);
    return rows.length === 1;
  },
);

/** The people whose screens show a website. */
export const listMemberIds = defineQuery(
  {
    name: "the members of a website",
    indexes: ["memberships_pkey"],
    buffers: 100,
    sample: ({ websiteId }) => [websiteId],
  },
  async (directory: Db, websiteId: number): Promise<string[]> => {
    const rows = await sql<OfUser>`
      select m.user_id as "userId"
      from memberships m
      where m.website_id = ${websiteId}
        and m.removed_at is null`.rows(directory);
    return rows.map(({ userId }) => userId);
  },
);
