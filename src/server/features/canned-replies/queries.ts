import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { raw, sql } from "#database/sql.ts";
import type { CannedReply, CannedReplyChange } from "#protocol/canned-replies.ts";

type Key = { websiteId: number; replyId: string; userId: string };

const sampleId = "00000000-0000-7000-8000-000000000000";
const columns = raw(`id, shortcut, body, owner_id is not null as "isOwn"`);
const sampleKey = ({ websiteId, agentId }: { websiteId: number; agentId: string }): [Key] => [
  { websiteId, replyId: sampleId, userId: agentId },
];

/** Those that an agent sees, by shortcut: at most `limits.cannedRepliesMax` of the website, and as many own ones. */
export const listReplies = defineQuery(
  {
    name: "canned replies of a website and an agent",
    indexes: ["canned_replies_by_shortcut"],
    buffers: 1_100,
    sample: ({ websiteId, agentId }) => [{ websiteId, userId: agentId }],
  },
  (db: Db, p: { websiteId: number; userId: string }): Promise<CannedReply[]> =>
    sql<CannedReply>`
      select ${columns}
      from canned_replies
      where website_id = ${p.websiteId}
        and (owner_id is null or owner_id = ${p.userId})
      order by lower(shortcut), owner_id`.rows(db),
);

/** @returns null if there is none, or it is another agent's own */
export const lockReply = defineQuery(
  { name: "a canned reply, locked", indexes: ["canned_replies_pkey"], buffers: 6, sample: sampleKey },
  async (tx: Db, p: Key): Promise<CannedReply | null> => {
    const rows = await sql<CannedReply>`
      select ${columns}
      from canned_replies
      where website_id = ${p.websiteId}
        and id = ${p.replyId}
        and (owner_id is null or owner_id = ${p.userId})
      for update`.rows(tx);
    return rows[0] ?? null;
  },
);

type New = { websiteId: number; id: string; ownerId: string | null; shortcut: string; body: string };

/** @returns how many there are now of the website, or of the owner's own; null if the shortcut is taken */
export const insertReply = defineQuery(
  {
    name: "a new canned reply",
    indexes: ["canned_replies_by_shortcut"],
    sample: ({ websiteId, agentId }) => [
      { websiteId, id: sampleId, ownerId: agentId, shortcut: "hello", body: "Hello {visitor.name}!" },
    ],
  },
  async (tx: Db, p: New): Promise<number | null> => {
    const inserted = await sql`
      insert into canned_replies (website_id, id, owner_id, shortcut, body)
      values (${p.websiteId}, ${p.id}, ${p.ownerId}, ${p.shortcut}, ${p.body})
      on conflict do nothing
      returning id`.rows(tx);
    if (inserted.length === 0) return null;
    const [row] = await sql<{ count: number }>`
      select count(*)::integer as count
      from canned_replies
      where website_id = ${p.websiteId}
        and owner_id is not distinct from ${p.ownerId}`.rows(tx);
    return row!.count;
  },
);

/** @throws the database's error of class 23 when the shortcut is taken */
export const updateReply = defineQuery(
  {
    name: "a change of a canned reply",
    indexes: ["canned_replies_pkey"],
    buffers: 20,
    sample: ({ websiteId }) => [{ websiteId, replyId: sampleId }, { body: "Hello!" }],
  },
  (tx: Db, { websiteId, replyId }: Omit<Key, "userId">, change: CannedReplyChange) =>
    tx
      .updateTable("canned_replies")
      .set(change)
      .where("website_id", "=", websiteId)
      .where("id", "=", replyId)
      .execute(),
);

export const deleteReply = defineQuery(
  {
    name: "the end of a canned reply",
    indexes: ["canned_replies_pkey"],
    buffers: 12,
    sample: ({ websiteId }) => [{ websiteId, replyId: sampleId }],
  },
  (tx: Db, { websiteId, replyId }: Omit<Key, "userId">) =>
    tx.deleteFrom("canned_replies").where("website_id", "=", websiteId).where("id", "=", replyId).execute(),
);
