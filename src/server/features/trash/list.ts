import type { Db } from "#database/connect.ts";
import { purgedAt } from "#database/lifecycle/undoable.ts";
import { PlaceInTime } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { TrashEntry, TrashPage } from "#protocol/trash.ts";
import { type Deletion, listTrashedConversations, listTrashedMessages, listTrashedVisitors } from "./list-queries.ts";

/** A page of everything in a website's trash, the last deletion first. @throws AppError "invalid_cursor" */
export async function listTrash(
  db: Db,
  { websiteId, cursor, limit }: { websiteId: number; cursor: string | null; limit: number },
): Promise<TrashPage> {
  const page = { websiteId, after: cursor === null ? null : readCursor(cursor), limit: limit + 1 };
  const [conversations, visitors, messages] = await Promise.all([
    listTrashedConversations(db, page),
    listTrashedVisitors(db, page),
    listTrashedMessages(db, page),
  ]);
  const entries: TrashEntry[] = [
    ...conversations.map(({ preview, previewAuthor, ...row }) => ({
      kind: "conversation" as const,
      ...common(row),
      conversationId: row.id,
      preview,
      previewAuthor,
    })),
    ...visitors.map(({ conversations, ...row }) => ({ kind: "visitor" as const, ...common(row), conversations })),
    ...messages.map(({ conversationId, author, body, ...row }) => ({
      kind: "message" as const,
      ...common(row),
      conversationId,
      author,
      body: author === "visitor" ? null : body,
    })),
  ].sort(lastDeletionFirst);
  const shown = entries.slice(0, limit);
  return { entries: shown, nextCursor: entries.length > limit ? cursorOf(shown.at(-1)!) : null };
}

const common = (row: Deletion) => ({
  id: row.id,
  visitor: { id: row.visitorId, name: row.visitorName, email: row.visitorEmail },
  deletedAt: row.deletedAt.toISOString(),
  deletedBy: row.deletedBy ? { id: row.deletedBy, name: row.deletedByName ?? "" } : null,
  reason: row.reason,
  purgedAt: purgedAt(row.deletedAt).toISOString(),
});

/** The order of the indexes: moment, then id, both descending. */
const lastDeletionFirst = (a: TrashEntry, b: TrashEntry) =>
  Date.parse(b.deletedAt) - Date.parse(a.deletedAt) || (a.id < b.id ? 1 : -1);

const cursorOf = ({ deletedAt, id }: TrashEntry) => `${deletedAt}_${id}`;

function readCursor(cursor: string): { at: string; id: string } {
  const { data } = PlaceInTime.safeParse(cursor.split("_"));
  if (!data) {
    throw new AppError("invalid_cursor", "The cursor is not from a page of the trash. Start at the first page.");
  }
  const [at, id] = data;
  return { at, id };
}
