import type { Pending } from "#client/store.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

/** A message, or one that is not committed yet, as a screen shows it. */
export type ShownMessage = Pick<Message, "id" | "kind" | "body" | "createdAt" | "editedAt" | "deletedAt"> & {
  /** null: of a visitor's first message, which begins a conversation */
  conversationId: string | null;
  /** absent until it is committed */
  seq?: number;
  /** why the server refused it */
  error?: ErrorBody | null;
};

export type Author = Pick<Message, "author" | "authorId" | "authorName">;

/** Messages of one author and minute. */
export type Group = Author & { type: "group"; key: string; isNote: boolean; messages: ShownMessage[] };

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
  let before: ShownMessage | undefined;
  let groupBefore = "";

  for (const message of [...messages, ...outbox] as ShownMessage[]) {
    if (before && before.conversationId !== message.conversationId) {
      rows.push({ type: "continued", key: `continued ${message.id}` });
    }
    if (!before || dayOf(before) !== dayOf(message)) {
      rows.push({ type: "day", key: unique(dayOf(message), message), moment: message.createdAt });
    }
    before = message;
    if (message.kind === "event") {
      rows.push({ type: "event", key: message.id, message: message as Message });
      continue;
    }
    const { author, authorId, authorName } = "author" in message ? (message as Message) : writer;
    const isNote = message.kind === "note";
    const group = groupOf(message, `${author === "visitor" || authorId} ${isNote}`);
    const last = rows.at(-1);
    if (last?.type === "group" && group === groupBefore) last.messages.push(message);
    else {
      const key = unique(group, message);
      rows.push({ type: "group", key, author, authorId, authorName, isNote, messages: [message] });
    }
    groupBefore = group;
  }
  return rows;

  /** Not by counting: the keys of later rows would change when older messages come. */
  function unique(key: string, { id }: ShownMessage): string {
    if (keys.has(key)) return `${key} ${id}`;
    keys.add(key);
    return key;
  }
}

/**
 * The same for messages that may stand together. A refused message stands alone. It is the row's key: it stays the same
 * when messages join the group at either end, so a screen keeps the element that is being read.
 */
const groupOf = ({ id, error, createdAt }: ShownMessage, author: string): string =>
  error ? id : `${Math.floor(Date.parse(createdAt) / 60_000)} ${author}`;

/** By the reader's calendar. */
const dayOf = ({ createdAt }: ShownMessage): string => new Date(createdAt).toDateString();

/** The state of a message on its way. @param readSeq  the last message that the other side has read */
export const deliveryOf = ({ seq, error }: ShownMessage, readSeq: number): "pending" | "sent" | "read" | "failed" => {
  if (error) return "failed";
  if (!seq) return "pending";
  return readSeq >= seq ? "read" : "sent";
};
