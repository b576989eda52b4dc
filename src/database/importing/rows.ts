import { createHash } from "node:crypto";
import { limits } from "#protocol/limits.ts";
import type { ImportedConversation, ImportedMessage } from "./line.ts";

/** Of one conversation: the rows that the import writes. */
export type ConversationRows = {
  id: string;
  status: "open" | "resolved";
  continuesId: string | null;
  messages: (ImportedMessage & { id: string; seq: number })[];
};

const maxDays = limits.conversationDays * 86_400_000;

/**
 * A conversation's rows. Ids are made of the website and the ids in the file, so a second import of the file finds what is
 * there. A conversation takes messages for `limits.conversationDays` only: a longer one becomes several, which continue
 * each other.
 */
export function rowsOf(websiteId: number, conversation: ImportedConversation): ConversationRows[] {
  const parts: ConversationRows[] = [];
  for (const message of conversation.messages) {
    const current = parts.at(-1);
    const isOver = !current || message.at.getTime() > current.messages[0]!.at.getTime() + maxDays;
    const part = isOver ? beginPart(websiteId, conversation, parts, message) : current;
    const seq = part.messages.length + 1;
    const id = idOf(`${websiteId} message ${part.id} ${seq}`, message.at);
    part.messages.push({ ...message, id, seq });
  }
  parts.at(-1)!.status = conversation.status;
  return parts;
}

function beginPart(
  websiteId: number,
  { id }: ImportedConversation,
  parts: ConversationRows[],
  { at }: ImportedMessage,
): ConversationRows {
  const part: ConversationRows = {
    id: idOf(`${websiteId} conversation ${parts.length} ${id}`, at),
    status: "resolved",
    continuesId: parts.at(-1)?.id ?? null,
    messages: [],
  };
  parts.push(part);
  return part;
}

export const visitorIdOf = (websiteId: number, { id, visitor }: ImportedConversation): string =>
  idOf(visitor.id ? `${websiteId} visitor ${visitor.id}` : `${websiteId} visitor of ${id}`, new Date(0));

/** A UUIDv7 with a hash in place of its random bits: the same source always has the same id. */
export function idOf(source: string, at: Date): string {
  const bytes = createHash("sha256").update(source).digest().subarray(0, 16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a conversation's row says of its messages. All of them count as read. */
export function summaryOf({ status, messages }: ConversationRows) {
  const shown = messages.filter(({ kind }) => kind === "text");
  const last = shown.at(-1);
  const lastReply = shown.findLastIndex(({ author }) => author === "agent");
  const waiting = status === "open" ? shown.slice(lastReply + 1).find(({ author }) => author === "visitor") : undefined;
  return {
    lastSeq: messages.length,
    lastPublicSeq: last?.seq ?? 0,
    preview: [...(last?.body ?? "")].slice(0, 200).join(""),
    previewAuthor: last?.author ?? "visitor",
    createdAt: messages[0]!.at,
    lastMessageAt: messages.at(-1)!.at,
    firstReplyAt: shown.find(({ author }) => author === "agent")?.at ?? null,
    waitingSince: waiting?.at ?? null,
  };
}
