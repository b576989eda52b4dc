import { sql } from "#database/sql.ts";
import type { EventDetails, Message } from "#protocol/messages.ts";

/** A message m with its author's name, as every query here selects it. */
export type MessageRow = Omit<Required<Message>, "conversationId" | "details"> & { details: unknown };

/** As Date.toISOString() formats it. The driver's parsing of the times of 1,000 messages took longer than all the rest. */
const iso = (time: ReturnType<typeof sql>) => sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A subquery finds each name: a join took 10% longer. */
export const messageColumns = (websiteId: number) => sql`
  m.id, m.seq, m.kind, m.author, m.author_id as "authorId", m.body, m.details,
  (select a.name from memberships a where a.website_id = ${websiteId} and a.user_id = m.author_id) as "authorName",
  ${iso(sql`m.created_at`)} as "createdAt", ${iso(sql`m.edited_at`)} as "editedAt",
  ${iso(sql`m.deleted_at`)} as "deletedAt", m.changed_version as "changedVersion"`;

/** The body of a deleted message for clients that do not know deletions: they show the body of every message. */
export const deletedInWords = "This message was deleted.";

/** A deleted message keeps its place without its text. @param deletedBody  its body instead */
export const asMessage = (row: MessageRow, conversationId: string, deletedBody = ""): Message => ({
  id: row.id,
  conversationId,
  seq: row.seq,
  kind: row.kind,
  author: row.author,
  authorId: row.authorId,
  authorName: row.authorName,
  body: row.deletedAt ? deletedBody : row.body,
  details: row.deletedAt ? null : (row.details as EventDetails | null),
  createdAt: row.createdAt,
  editedAt: row.editedAt,
  deletedAt: row.deletedAt,
  changedVersion: row.changedVersion,
});
