import {
  type Held,
  type HeldThread,
  isPublic,
  type MessageCopy,
  maySee,
  type StoredConversation,
  type StoredMessage,
} from "./history.ts";
import type { Texts } from "./texts.ts";
import { contentOf, describe, placeOf, type Violation } from "./violation.ts";

/** Checks what a client holds at the end. */
export function checkHeld(
  client: Held,
  conversations: StoredConversation[],
  byConversation: Map<string, StoredMessage[]>,
  texts: Texts,
): Violation[] {
  const { name, audience, threads, unsent } = client;
  const isAgent = audience.visitorId === null;
  const own = conversations.filter(row => maySee(audience, row));
  const rows = new Map(
    own.map(({ id }) => [id, (byConversation.get(id) ?? []).filter(message => isAgent || isPublic(message))]),
  );
  const visible = new Set([...rows.values()].flat().map(placeOf));
  return [
    ...unsent.map((body): Violation => ({ rule: "unsent", what: `"${body}" is in the outbox of ${name}` })),
    ...own.flatMap(row => {
      const thread = threads.find(({ conversationId }) => conversationId === row.id);
      return [...checkMessages(name, thread, rows.get(row.id)!), ...(thread ? checkThread(client, thread, row) : [])];
    }),
    ...threads.flatMap(({ messages }) => [
      ...messages
        .filter(message => !visible.has(placeOf(message)))
        .map((message): Violation => ({ rule: "phantom", what: `${name} holds ${describe(message)}` })),
      ...checkOrder(name, messages),
    ]),
    ...client.texts
      .filter(text => texts.findStored(text)?.isDeleted)
      .map((text): Violation => ({ rule: "resurrected", what: `${name} holds the deleted text "${text}"` })),
  ];
}

function checkMessages(name: string, thread: HeldThread | undefined, rows: StoredMessage[]): Violation[] {
  const held = new Map(thread?.messages.map(message => [placeOf(message), message]));
  return rows.flatMap((row): Violation[] => {
    const copy = held.get(placeOf(row));
    if (!copy) return [{ rule: "missing", what: `${name} lacks ${describe(row)}` }];
    if (contentOf(copy) === contentOf(row)) return [];
    const rule = row.isDeleted ? "resurrected" : "outdated";
    return [{ rule, what: `${name} holds ${describe(copy)}; stored is ${describe(row)}` }];
  });
}

function checkThread({ name, audience }: Held, thread: HeldThread, row: StoredConversation): Violation[] {
  const isAgent = audience.visitorId === null;
  const counts = [
    ["unread", thread.unread, isAgent ? row.agentUnread : row.visitorUnread],
    ["last number", thread.lastSeq, isAgent ? row.lastSeq : row.lastPublicSeq],
  ] as const;
  const isStale = thread.preview !== null && thread.preview !== row.preview;
  return [
    ...counts
      .filter(([, shown, stored]) => shown !== stored)
      .map(([what, shown, stored]): Violation => {
        return { rule: "unread", what: `${name} shows the ${what} ${shown} of ${row.id}, stored is ${stored}` };
      }),
    ...(isStale
      ? [{ rule: "stale" as const, what: `${name} shows "${thread.preview}" of ${row.id}, stored is "${row.preview}"` }]
      : []),
  ];
}

function checkOrder(name: string, messages: MessageCopy[]): Violation[] {
  return messages.flatMap((message, i): Violation[] => {
    const before = messages[i - 1]?.seq ?? 0;
    if (before < message.seq) return [];
    return [{ rule: "disordered", what: `${name} holds ${describe(message)} after ${before}` }];
  });
}
