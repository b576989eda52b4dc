import type { Environment } from "#lab/environment/environment.ts";
import type { Stored, StoredConversation, StoredMessage } from "#lab/history/history.ts";

/** Reads all conversations and messages in one snapshot. */
export async function readStored({ sql }: Pick<Environment, "sql">): Promise<Stored> {
  const client = await sql.connect();
  try {
    await client.query("begin isolation level repeatable read");
    const conversations = await client.query<StoredConversation>(`
      select website_id as "websiteId", id, visitor_id as "visitorId", last_seq as "lastSeq",
        last_public_seq as "lastPublicSeq", agent_read_seq as "agentReadSeq", visitor_read_seq as "visitorReadSeq",
        agent_unread as "agentUnread", visitor_unread as "visitorUnread",
        preview, preview_author as "previewAuthor"
      from conversations`);
    const messages = await client.query<StoredMessage>(`
      select website_id as "websiteId", conversation_id as "conversationId", seq, id, kind, author,
        author_id as "authorId", body as text,
        case when deleted_at is null then body else '' end as body,
        deleted_at is not null as "isDeleted", coalesce(changed_version, 0) as "changedVersion"
      from messages
      order by website_id, conversation_id, seq`);
    await client.query("commit");
    return { conversations: conversations.rows, messages: messages.rows };
  } finally {
    client.release();
  }
}
