import type { Pending } from "#client/store.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

export type MessageState = "pending" | "sent" | "read" | "failed";
export type Line = { id: string; body: string; error: ErrorBody | null };
export type Group = {
  kind: "group";
  id: string;
  at: string;
  own: boolean;
  /** whom to name above it; null for the visitor's own */
  name: string | null;
  lines: Line[];
  /** how far the last line came; null where it is not the visitor's own */
  state: MessageState | null;
};
export type Row = { kind: "day"; id: string; at: string } | Group;

/**
 * What the thread shows: messages grouped by author and minute, days apart, the unsent ones last.
 * @param agentReadSeq  by conversation: how far an agent has read
 */
export function rowsOf(
  messages: Message[],
  outbox: Pending[],
  agentReadSeq: (conversationId: string) => number,
): Row[] {
  const rows: Row[] = [];
  let day = "";
  for (const entry of [...messages, ...outbox]) {
    const at = entry.createdAt;
    const today = new Date(at).toDateString();
    if (today !== day) rows.push({ kind: "day", id: `day ${today}`, at });
    day = today;

    const committed = "seq" in entry ? entry : null;
    const error = "error" in entry ? entry.error : null;
    const own = committed?.author !== "agent" && committed?.author !== "system";
    const name = own ? null : (committed?.authorName ?? null);
    const state = !own ? null : committed ? readState(committed, agentReadSeq) : error ? "failed" : "pending";
    const line: Line = { id: entry.id, body: entry.body, error };
    const last = rows.at(-1);
    // The id outlasts lines that join the group at either end: what is being read stays the same element.
    const id = `${Math.floor(Date.parse(at) / 60_000)} ${own ? "own" : name}`;
    if (last?.kind === "group" && last.id === id) {
      last.lines.push(line);
      last.state = state;
    } else rows.push({ kind: "group", id, at, own, name, lines: [line], state });
  }
  return rows;
}

const readState = (message: Message, agentReadSeq: (conversationId: string) => number): MessageState =>
  agentReadSeq(message.conversationId) >= message.seq ? "read" : "sent";
