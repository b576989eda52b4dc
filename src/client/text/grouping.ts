import type { Pending } from "#client/store.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

/** One message as a screen shows it. */
export type Line = {
  id: string;
  /** null: of a visitor's first message, which begins a conversation */
  conversationId: string | null;
  /** null until it is committed */
  seq: number | null;
  body: string;
  createdAt: string;
  /** null: never */
  editedAt: string | null;
  /** null: never; the body of a deleted message is empty */
  deletedAt: string | null;
  /** why the server refused it */
  error: ErrorBody | null;
};

export type Author = Pick<Message, "author" | "authorId" | "authorName">;

/** Messages of one author and minute. */
export type Group = Author & { type: "group"; key: string; isNote: boolean; lines: Line[] };

export type Row =
  | { type: "day"; key: string; moment: string }
  /** another conversation continues the one above */
  | { type: "continued"; key: string }
  | { type: "event"; key: string; message: Message }
  | Group;

/**
 * Lays a thread out: days apart, events on their own, messages grouped by author and minute, unsent ones last.
 * @param messages  oldest first
 * @param writer    of the unsent messages
 */
export function groupMessages(messages: Message[], outbox: Pending[], writer: Author): Row[] {
  const rows: Row[] = [];
  const keys = new Set<string>();
  let before: Message | Pending | undefined;

  for (const entry of [...messages, ...outbox]) {
    const { id, conversationId, createdAt, kind, body } = entry;
    if (before && before.conversationId !== conversationId) rows.push({ type: "continued", key: `continued ${id}` });
    if (!before || dayOf(before) !== dayOf(entry)) {
      rows.push({ type: "day", key: unique(dayOf(entry)), moment: createdAt });
    }
    before = entry;

    const committed = "seq" in entry ? entry : null;
    if (committed && kind === "event") {
      rows.push({ type: "event", key: id, message: committed });
      continue;
    }
    const { author, authorId, authorName } = committed ?? writer;
    const error = "error" in entry ? entry.error : null;
    const { seq = null, editedAt = null, deletedAt = null } = committed ?? {};
    const line: Line = { id, conversationId, seq, body, createdAt, editedAt, deletedAt, error };
    const group = { author, authorId, authorName, isNote: kind === "note" };
    const last = rows.at(-1);
    if (last?.type === "group" && belongsTo(last, group, line)) last.lines.push(line);
    // The key stays the same when lines join the group at either end, so a screen keeps the element that is being read.
    else rows.push({ type: "group", key: unique(`${minuteOf(line)} ${author} ${authorId}`), ...group, lines: [line] });
  }
  return rows;

  function unique(key: string): string {
    if (keys.has(key)) return unique(`${key}+`);
    keys.add(key);
    return key;
  }
}

/** A visitor is alone in a thread. A refused message stands alone. */
function belongsTo(
  { author, authorId, isNote, lines }: Group,
  other: Omit<Group, "type" | "key" | "lines">,
  line: Line,
) {
  const isSameAuthor = author === other.author && (author === "visitor" || authorId === other.authorId);
  const last = lines.at(-1)!;
  return isSameAuthor && isNote === other.isNote && !line.error && !last.error && minuteOf(last) === minuteOf(line);
}

type Dated = { createdAt: string };
const minuteOf = ({ createdAt }: Dated) => Math.floor(Date.parse(createdAt) / 60_000);
/** By the reader's calendar. */
const dayOf = ({ createdAt }: Dated) => new Date(createdAt).toDateString();

/** How far a message came. @param readSeq  the last message that the other side has read */
export const deliveryOf = ({ seq, error }: Line, readSeq: number): "pending" | "sent" | "read" | "failed" => {
  if (error) return "failed";
  if (seq === null) return "pending";
  return readSeq >= seq ? "read" : "sent";
};
