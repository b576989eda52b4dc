import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { InboxCounts } from "#protocol/inbox.ts";
import type { Message } from "#protocol/messages.ts";
import type { AgentEvent, VisitorEvent } from "#protocol/socket.ts";
import { type Asked, emptyThread, merge, receive, replace, type Thread, versionOf } from "./thread.ts";

/** A message that is not acknowledged yet. */
export type Pending = {
  id: string;
  /** null: a visitor's first message, which begins a conversation */
  conversationId: string | null;
  websiteId: number | null;
  kind: "text" | "note";
  body: string;
  createdAt: string;
  /** why the server refused it; null while it is on its way */
  error: ErrorBody | null;
};

/** A change of the reader's own message that is not acknowledged yet. */
export type PendingChange = {
  conversationId: string;
  /** of the message */
  id: string;
  /** the fields that change */
  patch: { body: string; editedAt: string } | { body: ""; details: null; deletedAt: string };
};

export type Typing = { author: "visitor" | "agent"; name: string | null };

export type AnyConversation = Conversation | VisitorConversation;

export type State<C extends AnyConversation = AnyConversation> = {
  conversations: Record<string, C>;
  threads: Record<string, Thread>;
  /** The newest numbers received, by conversation. A thread with lower ones is behind and requests the rest. */
  heads: Record<string, Head>;
  outbox: Pending[];
  changes: PendingChange[];
  typing: Record<string, Typing | undefined>;
  /** By website; agents only. */
  counts: Record<number, InboxCounts>;
};

type Head = { lastSeq: number; changedVersion: number };
/** Without `changedVersion`: the server is older than edits and deletions. */
type Numbers = { lastSeq: number; changedVersion?: number };

export const emptyState = {
  conversations: {},
  threads: {},
  heads: {},
  outbox: [],
  changes: [],
  typing: {},
  counts: {},
};

/** A page as the server answers it. */
export type LoadedPage<C> = {
  messages: Message[];
  more: boolean;
  changed?: Message[];
  moreChanged?: boolean;
  conversation: C;
};

/** What changes the state besides the events of the server. */
export type LocalChange<C extends AnyConversation = AnyConversation> =
  | { event: "page.loaded"; data: LoadedPage<C> & { asked: Asked } }
  | { event: "conversations.loaded"; data: { conversations: C[]; removed: string[] } }
  | { event: "counts.loaded"; data: { websiteId: number; counts: InboxCounts } }
  | { event: "pending.changed"; data: { outbox: Pending[] } | { changes: PendingChange[] } };

export type Change = AgentEvent | VisitorEvent | LocalChange;

/** The reducer of every client; applyForAgent adds what only agents receive. Never mutates. */
export function apply<C extends AnyConversation>(before: State<C>, change: Change): State<C> {
  // Each change that contains a conversation updates its row.
  const { conversation } = change.data as { conversation?: C | null };
  const state = conversation ? keep(before, conversation) : before;
  switch (change.event) {
    case "message.created":
      return created(state, change.data);
    case "message.changed": {
      const { message, prevChanged } = change.data;
      const thread = state.threads[message.conversationId];
      return thread ? put(state, "threads", message.conversationId, replace(thread, message, prevChanged)) : state;
    }
    case "conversation.typing": {
      const { conversationId, typing, ...typist } = change.data;
      return put(state, "typing", conversationId, typing ? typist : undefined);
    }
    case "page.loaded": {
      const { conversation, asked, ...page } = change.data;
      const thread = merge(state.threads[conversation.id], { ...page, asOf: versionOf(conversation) }, asked);
      return put(dropAcknowledged(state, page.messages), "threads", conversation.id, thread);
    }
    case "pending.changed":
      return { ...state, ...change.data };
    default:
      return state;
  }
}

type Created = { message: Message; prev: number; conversation: AnyConversation };

function created<C extends AnyConversation>(state: State<C>, { message, prev, conversation }: Created): State<C> {
  const id = message.conversationId;
  const asOf = versionOf(conversation);
  const next = put(dropAcknowledged(state, [message]), "typing", id, undefined);
  // A conversation that begins with the reader's own message is complete from the start: there is nothing to fetch.
  const isOwnFirst = !prev && next.outbox !== state.outbox;
  const thread = next.threads[id] ?? (isOwnFirst && emptyThread(asOf, true));
  return thread ? put(next, "threads", id, receive(thread, { message, prev, asOf })) : next;
}

/** Keeps the newer of two copies. */
export function keep<C extends AnyConversation>(state: State<C>, row: C): State<C> {
  const held = state.conversations[row.id];
  const next = { ...state, heads: raise({ ...state.heads }, row.id, row) };
  return held && held.version > row.version ? next : put(next, "conversations", row.id, row);
}

/** @param heads  a copy, which is changed */
export function raise(heads: State["heads"], id: string, { lastSeq, changedVersion = 0 }: Numbers): State["heads"] {
  const held = heads[id];
  heads[id] = {
    lastSeq: Math.max(held?.lastSeq ?? 0, lastSeq),
    changedVersion: Math.max(held?.changedVersion ?? 0, changedVersion),
  };
  return heads;
}

/** What has arrived is no longer pending. */
function dropAcknowledged<C extends AnyConversation>(state: State<C>, messages: Message[]): State<C> {
  const arrived = new Set(messages.map(message => message.id));
  const outbox = state.outbox.filter(pending => !arrived.has(pending.id));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

type Maps = "conversations" | "threads" | "typing";

const put = <C extends AnyConversation, Name extends Maps>(
  state: State<C>,
  name: Name,
  id: string,
  value: State<C>[Name][string],
): State<C> => ({ ...state, [name]: { ...state[name], [id]: value } });

/** The server has something newer of an opened conversation than the thread holds. */
export function isBehind({ threads, heads }: State, id: string): boolean {
  const [thread, head] = [threads[id]!, heads[id]!];
  return head.lastSeq > thread.lastSeq || head.changedVersion > thread.changedVersion;
}

/** The server has older messages of a thread than are held. */
export function hasOlder(state: Pick<State, "threads" | "conversations">, conversationId: string): boolean {
  const thread = state.threads[conversationId];
  const before = state.conversations[conversationId]?.continuesId;
  return !thread?.complete || (!!before && hasOlder(state, before));
}

/**
 * All messages held of a thread, across the conversations that continue one another, oldest first. The reader's own
 * pending changes are applied.
 */
export function messagesOf(
  state: Pick<State, "threads" | "conversations" | "changes">,
  conversationId: string,
): Message[] {
  const thread = state.threads[conversationId];
  if (!thread) return [];
  const before = thread.complete ? state.conversations[conversationId]?.continuesId : null;
  const messages = before ? [...messagesOf(state, before), ...thread.messages] : thread.messages;
  return state.changes.length ? messages.map(message => asChanged(message, state.changes)) : messages;
}

const asChanged = (message: Message, changes: PendingChange[]): Message => ({
  ...message,
  ...changes.findLast(({ id }) => id === message.id)?.patch,
});
