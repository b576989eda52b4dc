import type { Message } from "#protocol/messages.ts";

/** What the reader has opened of a conversation. */
export type Thread = {
  /** Without gaps, as far as the reader may see; oldest first. */
  messages: Message[];
  /** The newest number held; 0 before the first. */
  lastSeq: number;
  /** The thread holds every edit and deletion up to this version of the conversation. */
  changedVersion: number;
  /** The first message of the conversation is among them. */
  complete: boolean;
  /** Messages that arrived before an earlier one. They are shown when the earlier ones have arrived. */
  early: Arrived[];
};

/** A message with the number before it; it holds every change up to the version `asOf` of the conversation. */
export type Arrived = { message: Message; prev: number; asOf: number };

/** Which messages a page was asked for: see MessagesQuery. */
export type Asked = { before?: number; after?: number; since?: number; limit?: number };

export type Page = { messages: Message[]; more: boolean; changed?: Message[]; moreChanged?: boolean; asOf: number };

/** Early messages of a thread. A client that lacks more than these requests a page anyway. */
const maxEarly = 100;

/** Null or absent: never changed, or the server is older than edits and deletions. */
export const versionOf = ({ changedVersion }: { changedVersion?: number | null | undefined }): number =>
  changedVersion ?? 0;

export const emptyThread = (changedVersion: number, complete: boolean): Thread => ({
  messages: [],
  lastSeq: 0,
  changedVersion,
  complete,
  early: [],
});

/** Appends a message that leaves no gap. Keeps one that comes early: several processes publish, in any order. */
export function receive(thread: Thread, arrived: Arrived): Thread {
  if (arrived.message.seq <= thread.lastSeq) return thread;
  if (arrived.prev <= thread.lastSeq) return appendEarly(append(thread, [arrived.message], arrived.asOf));
  return { ...thread, early: [...thread.early, arrived].slice(-maxEarly) };
}

/** Applies an edit or a deletion. If an earlier change is missing, `changedVersion` stays, and the client requests it. */
export function replace(thread: Thread, message: Message, prevChanged: number): Thread {
  const version = versionOf(message);
  if (version <= thread.changedVersion) return thread;
  const messages = update(thread.messages, [message]);
  return {
    ...thread,
    messages,
    changedVersion: prevChanged <= thread.changedVersion ? version : thread.changedVersion,
  };
}

/** Adds a page to the messages held. A page that does not adjoin them would leave a gap and is dropped. */
export function merge(held: Thread | undefined, page: Page, asked: Asked): Thread {
  const { messages, more, asOf } = page;
  if (!held) return append(emptyThread(asOf, !more), messages, asOf);
  if (asked.after !== undefined) return mergeNewer(held, page, asked);
  if (asked.before === undefined || held.messages[0]?.seq !== asked.before) return held;
  const changedVersion = Math.min(held.changedVersion, asOf);
  return { ...held, messages: [...messages, ...held.messages], complete: !more, changedVersion };
}

/** Adds the messages after `after`, and the changes since `since` of the messages up to there. */
function mergeNewer(held: Thread, { messages, more, changed = [], moreChanged, asOf }: Page, { after, since }: Asked) {
  if (after! > held.lastSeq) return held;
  // Events may have brought newer messages since the request, and `changed` says nothing about them: the page must reach
  // as far as they do.
  const isWhole = !more || (messages.at(-1)?.seq ?? 0) >= held.lastSeq;
  const hasAllChanges = isWhole && since! <= held.changedVersion;
  const changesUpTo = !hasAllChanges ? 0 : moreChanged ? versionOf(changed.at(-1)!) : asOf;
  const updated = {
    ...held,
    messages: update(held.messages, [...messages, ...changed]),
    changedVersion: Math.max(held.changedVersion, changesUpTo),
  };
  const newer = messages.filter(message => message.seq > held.lastSeq);
  return appendEarly(append(updated, newer, asOf));
}

/**
 * Adds messages at the end. The server may have read them before the last change: then `changedVersion` goes back, and
 * the client requests the changes again.
 */
function append(thread: Thread, messages: Message[], asOf: number): Thread {
  const last = messages.at(-1);
  if (!last) return thread;
  return {
    ...thread,
    messages: [...thread.messages, ...messages],
    lastSeq: last.seq,
    changedVersion: Math.min(thread.changedVersion, asOf),
  };
}

/** Appends early messages that leave no gap any more, and drops those that a page has brought. */
function appendEarly(thread: Thread): Thread {
  const early = thread.early.filter(({ message }) => message.seq > thread.lastSeq);
  const next = early.find(({ prev }) => prev <= thread.lastSeq);
  if (next) return appendEarly(append({ ...thread, early }, [next.message], next.asOf));
  return early.length === thread.early.length ? thread : { ...thread, early };
}

/** Replaces each message that has a newer copy. */
function update(messages: Message[], copies: Message[]): Message[] {
  if (!copies.length) return messages;
  const byId = new Map(copies.map(copy => [copy.id, copy]));
  return messages.map(message => {
    const copy = byId.get(message.id);
    return copy && versionOf(copy) > versionOf(message) ? copy : message;
  });
}
