import { connect, type Db } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { listInbox } from "#server/features/inbox/queries.ts";
import { listMessages } from "#server/features/messages/queries.ts";

const maxWebsites = 20;
const conversationsOfView = 10;
const noUser = "00000000-0000-0000-0000-000000000000";

/**
 * Reads the newest conversations of websites as an agent's screen does: the inbox, then each one's messages.
 * @throws AppError "backup_damaged" if a message is missing
 */
export async function checkConversations(url: string, log: Log): Promise<void> {
  const { db, close } = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
  try {
    for (const websiteId of (await listWebsiteIds(db)).slice(0, maxWebsites)) {
      for (const view of ["all", "resolved"] as const) {
        const page = { websiteId, userId: noUser, view, cursor: null, limit: conversationsOfView };
        const { rows } = await listInbox(db, page);
        for (const { id, lastSeq } of rows) await checkMessages(db, { websiteId, conversationId: id }, lastSeq);
      }
    }
  } finally {
    await close();
  }
}

/** Messages that were deleted keep their numbers. */
async function checkMessages(
  db: Db,
  key: { websiteId: number; conversationId: string },
  lastSeq: number,
): Promise<void> {
  const { messages } = await listMessages(db, { ...key, limit: limits.pageSize, publicOnly: false });
  const first = Math.max(1, lastSeq - limits.pageSize + 1);
  const isWhole = messages.length === lastSeq - first + 1 && messages.every(({ seq }, at) => seq === first + at);
  if (isWhole) return;
  const numbers = messages.map(({ seq }) => seq).join(", ");
  throw new AppError(
    "backup_damaged",
    `the conversation ${key.conversationId} ends with message ${lastSeq}, but has ${numbers || "none"}`,
  );
}
