import { none, raw, type Sql, sql } from "#database/sql.ts";
import type { Conversation, ConversationStatus } from "#protocol/conversations.ts";
import { AppError } from "#protocol/errors.ts";

/** A conversation with the names that the inbox shows, as every query here selects it. */
export type ConversationRow = {
  websiteId: number;
  id: string;
  visitorId: string;
  visitorName: string | null;
  visitorEmail: string | null;
  assigneeId: string | null;
  assigneeName: string | null;
  status: ConversationStatus;
  version: number;
  changedVersion: number;
  lastSeq: number;
  lastPublicSeq: number;
  preview: string;
  previewAuthor: Conversation["previewAuthor"];
  lastMessageAt: Date;
  waitingSince: Date | null;
  agentReadSeq: number;
  visitorReadSeq: number;
  agentUnread: number;
  visitorUnread: number;
  continuesId: string | null;
  tagIds: string[];
  createdAt: Date;
  deletedAt: Date | null;
  isRestricted: boolean;
};

/** Selects a ConversationRow from conversations c, visitors v and (left joined) memberships a. */
export const conversationColumns = sql`
  c.website_id as "websiteId", c.id, c.visitor_id as "visitorId", v.name as "visitorName", v.email as "visitorEmail",
  c.assignee_id as "assigneeId", a.name as "assigneeName", c.status, c.version, c.changed_version as "changedVersion",
  c.last_seq as "lastSeq", c.last_public_seq as "lastPublicSeq", c.preview, c.preview_author as "previewAuthor",
  c.last_message_at as "lastMessageAt", c.waiting_since as "waitingSince", c.agent_read_seq as "agentReadSeq",
  c.visitor_read_seq as "visitorReadSeq", c.agent_unread as "agentUnread", c.visitor_unread as "visitorUnread",
  c.continues_id as "continuesId", c.tag_ids as "tagIds", c.created_at as "createdAt",
  c.deleted_at as "deletedAt", c.is_restricted as "isRestricted"`;

export const conversationJoins = sql`
  join visitors v on v.website_id = c.website_id and v.id = c.visitor_id
  left join memberships a on a.website_id = c.website_id and a.user_id = c.assignee_id`;

/**
 * Selects the conversations c that match a condition, with their names. The rows are selected before the names are joined:
 * otherwise the planner may read all visitors for the names of one page.
 */
export const selectConversations = (
  condition: Sql,
  { from = allConversations, order = none, limit = none }: { from?: Sql; order?: Sql; limit?: Sql } = {},
) => sql<ConversationRow>`
  select ${conversationColumns}
  from (select c.* from ${from} where ${condition} ${order} ${limit}) c
  ${conversationJoins}
  ${order}`;

const allConversations = raw("conversations c");

/** For a conversation that does not exist, and for one that the caller may not see. */
export const notFound = () => new AppError("not_found", "There is no such conversation here.");
