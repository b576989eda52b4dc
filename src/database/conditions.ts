import { raw, type Sql, sql } from "./sql.ts";

/*
 * Conditions that many statements share, about the row that an alias names. src/server/queries.test.ts fails for a
 * statement that forgets deleted rows, or former agents.
 */

/** The row is not deleted. */
export const live = (alias: string) => raw(`${alias}.deleted_at is null`);

export const deleted = (alias: string) => raw(`${alias}.deleted_at is not null`);

/** The membership has not ended: without this a statement sees former agents too. */
export const active = (alias: string) => raw(`${alias}.removed_at is null`);

/**
 * Why a query may include deleted rows (`includesDeleted`): it reads them through a row that is live, and the visitor of a
 * live conversation is live.
 */
export const ofLiveConversation = {
  visitors: "the visitor of a live conversation is live",
  memberships: "former agents are named too",
};

/** A legal hold names the conversation, or its visitor: nothing deletes it. */
export const held = (alias: string) =>
  raw(`exists (
    select from holds h
    where h.website_id = ${alias}.website_id and h.target_id in (${alias}.id, ${alias}.visitor_id))`);

/** The visitor of the conversation may see the message: it is neither a note nor an event. */
export const visitorSees = (alias: string) => raw(`${alias}.kind in ('text', 'file')`);

/** Messages of every month that is in the database, for statements that do not know the conversation's month. */
export const allMessages = raw("(select * from messages union all select * from messages_archive)");

export const allLiveMessages = raw(
  `(select m.* from messages m where m.deleted_at is null
    union all select a.* from messages_archive a where a.deleted_at is null)`,
);

/** The five minutes of a moment, as `conversations.last_message_bucket` has them of the last message. */
export const bucketOf = (moment: Sql) => sql`date_bin('5 minutes', ${moment}, '2000-01-01 00:00:00+00')`;
