import { type RawBuilder, sql } from "kysely";
import type { Db } from "#database/connect.ts";

export type Drift = { websiteId: number; conversationId: string };

/** The conversations c of a condition, each with its counters as its messages have them: n. */
const countedWhere = (condition: RawBuilder<unknown>) => sql`
  (select * from conversations where ${condition}) c
  cross join lateral (
    select coalesce(max(seq), 0) as last_seq,
      coalesce(max(seq) filter (where kind in ('text', 'file')), 0) as last_public_seq,
      (count(*) filter (where author = 'visitor' and seq > c.agent_read_seq and deleted_at is null
        and kind in ('text', 'file')))::integer as agent_unread,
      (count(*) filter (where author = 'agent' and seq > c.visitor_read_seq and deleted_at is null
        and kind in ('text', 'file')))::integer as visitor_unread
    from messages
    where website_id = c.website_id
      and conversation_id = c.id
  ) n`;

const differs = sql`
  (c.last_seq, c.last_public_seq, c.agent_unread, c.visitor_unread)
    is distinct from (n.last_seq, n.last_public_seq, n.agent_unread, n.visitor_unread)`;

/**
 * Counts again what the conversations' rows say of their messages, where something was written lately, and puts right
 * what differs. There should be nothing: each counter is kept under the lock of its row.
 * @param sinceHours  how far to look back for a last message
 * @returns the conversations that were put right
 */
export async function recount(db: Db, { sinceHours }: { sinceHours: number }): Promise<Drift[]> {
  const mended: Drift[] = [];
  for (const drift of await findDrift(db, { sinceHours })) if (await mend(db, drift)) mended.push(drift);
  return mended;
}

export async function findDrift(db: Db, { sinceHours }: { sinceHours: number }): Promise<Drift[]> {
  const websites = await db.selectFrom("websites").select("id").orderBy("id").execute();
  const drifts = [];
  for (const { id } of websites) drifts.push(...(await findDriftOf(db, { websiteId: id, sinceHours })));
  return drifts;
}

/** One website's. */
export async function findDriftOf(db: Db, p: { websiteId: number; sinceHours: number }): Promise<Drift[]> {
  const recent = sql`
    website_id = ${p.websiteId}
      and status in ('open', 'resolved')
      and deleted_at is null
      and last_message_at > now() - make_interval(hours => ${p.sinceHours})`;
  const { rows } = await sql<Drift>`
    select c.website_id as "websiteId", c.id as "conversationId"
    from ${countedWhere(recent)}
    where ${differs}`.execute(db);
  return rows;
}

/** Under the row's lock, for a message may have come since it was found to differ. */
async function mend(db: Db, { websiteId, conversationId }: Drift): Promise<boolean> {
  return db.transaction().execute(async tx => {
    await sql`
      select from conversations where website_id = ${websiteId} and id = ${conversationId} for update`.execute(tx);
    const one = sql`website_id = ${websiteId} and id = ${conversationId}`;
    const { numAffectedRows } = await sql`
      update conversations target
      set last_seq = n.last_seq, last_public_seq = n.last_public_seq, agent_unread = n.agent_unread,
        visitor_unread = n.visitor_unread, version = target.version + 1
      from ${countedWhere(one)}
      where target.website_id = c.website_id and target.id = c.id and ${differs}`.execute(tx);
    return numAffectedRows === 1n;
  });
}
