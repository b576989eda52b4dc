import type { Pending } from "#client/store.ts";
import { isSameDay } from "#dashboard/text/time.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

/** One message as it is shown; `seq` null while it is not committed. */
export type Line = {
  id: string;
  conversationId: string;
  seq: number | null;
  body: string;
  createdAt: string;
  error: ErrorBody | null;
};

export type Group = {
  type: "group";
  key: string;
  side: "visitor" | "agent";
  authorId: string | null;
  authorName: string | null;
  note: boolean;
  lines: Line[];
};

export type ThreadItem =
  | { type: "day"; key: string; moment: string }
  | { type: "continued"; key: string }
  | { type: "event"; key: string; message: Message }
  | Group;

/** Lays a thread out: days apart, events on their own, messages grouped by author and minute, unsent ones last. */
export function threadItems(messages: Message[], outbox: Pending[], me: { id: string; name: string }): ThreadItem[] {
  const items: ThreadItem[] = [];
  let before: { createdAt: string; conversationId: string | null } | null = null;

  const begin = (next: { id: string; createdAt: string; conversationId: string | null }) => {
    if (before && next.conversationId !== before.conversationId) items.push({ type: "continued", key: `c${next.id}` });
    if (!before || !isSameDay(before.createdAt, next.createdAt)) {
      items.push({ type: "day", key: `d${next.id}`, moment: next.createdAt });
    }
    before = next;
  };
  const add = (line: Line, author: Pick<Group, "side" | "authorId" | "authorName" | "note">) => {
    const last = items.at(-1);
    if (last?.type === "group" && goesWith(last, author, line)) last.lines.push(line);
    else items.push({ type: "group", key: line.id, ...author, lines: [line] });
  };

  for (const message of messages) {
    begin(message);
    if (message.kind === "event") items.push({ type: "event", key: message.id, message });
    else {
      add(
        { ...message, error: null },
        {
          side: message.author === "visitor" ? "visitor" : "agent",
          authorId: message.authorId,
          authorName: message.authorName,
          note: message.kind === "note",
        },
      );
    }
  }
  for (const pending of outbox) {
    const conversationId = pending.conversationId ?? "";
    begin({ ...pending, conversationId });
    add(
      { ...pending, conversationId, seq: null },
      { side: "agent", authorId: me.id, authorName: me.name, note: pending.kind === "note" },
    );
  }
  return items;
}

/** Of the same author, kind and minute; what failed stands alone. */
const goesWith = (group: Group, author: Pick<Group, "side" | "authorId" | "note">, line: Line): boolean =>
  group.side === author.side &&
  group.authorId === author.authorId &&
  group.note === author.note &&
  !line.error &&
  !group.lines.at(-1)!.error &&
  minuteOf(group.lines[0]!.createdAt) === minuteOf(line.createdAt);

const minuteOf = (moment: string): number => Math.floor(Date.parse(moment) / 60_000);
