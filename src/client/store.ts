import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { InboxCounts } from "#protocol/inbox.ts";
import type { Message } from "#protocol/messages.ts";
import type { AgentEvent, VisitorEvent } from "#protocol/socket.ts";

/** What the reader has opened of a conversation. */
export type Thread = {
  /** Without gaps, as far as the reader may see; oldest first. */
  messages: Message[];
  /** The newest number held; 0 before the first. */
  lastSeq: number;
  /** The first message of the conversation is among them. */
  complete: boolean;
  /** Those that overtook some before them, which are shown when these are there. */
  early: Arrived[];
};

type Arrived = { message: Message; prev: number };

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

export type Typing = { author: "visitor" | "agent"; authorId: string | null; name: string | null };

type AnyConversation = Conversation | VisitorConversation;

export type State<C extends AnyConversation = AnyConversation> = {
  conversations: Record<string, C>;
  threads: Record<string, Thread>;
  /** The newest number heard of, by conversation: a thread below it is behind and asks for the rest. */
  heads: Record<string, number>;
  outbox: Pending[];
  typing: Record<string, Typing | undefined>;
  /** By website; agents only. */
  counts: Record<number, InboxCounts>;
};

/** Of a thread. Behind by more, a client asks for them anyway. */
const mostEarly = 100;

export const emptyState = { conversations: {}, threads: {}, heads: {}, outbox: [], typing: {}, counts: {} };

/** What changes the state besides the events of the server. */
export type LocalChange<C extends AnyConversation = AnyConversation> =
  | { event: "page.loaded"; data: { messages: Message[]; more: boolean; conversation: C; asked: Asked } }
  | { event: "conversations.loaded"; data: { conversations: C[]; gone: string[] } }
  | { event: "counts.loaded"; data: { websiteId: number; counts: InboxCounts } }
  | { event: "outbox.changed"; data: { outbox: Pending[] } };

export type Asked = { before?: number; after?: number };
export type Change = AgentEvent | VisitorEvent | LocalChange;

/** The one reducer: widget, dashboard and tests apply every change with it. Never mutates. */
export function apply<C extends AnyConversation>(state: State<C>, change: Change): State<C> {
  switch (change.event) {
    case "message.created": {
      const { message, prev, conversation } = change.data;
      const next = begin(settle(keep(state, conversation as C), [message]), state, change.data);
      const typing = { ...next.typing, [message.conversationId]: undefined };
      const thread = next.threads[message.conversationId];
      if (!thread || message.seq <= thread.lastSeq) return { ...next, typing };
      return { ...withThread(next, message.conversationId, receive(thread, { message, prev })), typing };
    }
    case "conversation.changed":
      return keep(state, change.data.conversation as C);
    case "conversation.typing": {
      const { conversationId, typing, author, name } = change.data;
      const authorId = "authorId" in change.data ? change.data.authorId : null;
      return {
        ...state,
        typing: { ...state.typing, [conversationId]: typing ? { author, authorId, name } : undefined },
      };
    }
    case "visitor.presence": {
      const { visitorId, online } = change.data;
      const moved = Object.entries(state.conversations).filter(
        ([, row]) => "visitor" in row && row.visitor.id === visitorId && row.visitor.online !== online,
      ) as [string, C & Conversation][];
      // Most visitors have no conversation: the state stays the same object, and no list is sorted again.
      if (!moved.length) return state;
      const rows = moved.map(([id, row]) => [id, { ...row, visitor: { ...row.visitor, online } }]);
      return { ...state, conversations: { ...state.conversations, ...Object.fromEntries(rows) } };
    }
    case "heartbeat": {
      if ("conversation" in change.data) {
        return change.data.conversation ? keep(state, change.data.conversation as C) : state;
      }
      const heads = { ...state.heads };
      const counts = { ...state.counts };
      for (const website of change.data.websites) {
        counts[website.websiteId] = website.counts;
        for (const head of website.heads) raise(heads, head.conversationId, head.lastSeq);
      }
      return { ...state, heads, counts };
    }
    case "page.loaded": {
      const { messages, more, conversation, asked } = change.data;
      const next = settle(keep(state, conversation as C), messages);
      const held = next.threads[conversation.id];
      return withThread(next, conversation.id, merge(held, messages, more, asked));
    }
    case "conversations.loaded": {
      const conversations = { ...state.conversations };
      for (const id of change.data.gone) delete conversations[id];
      return change.data.conversations.reduce<State<C>>((next, row) => keep(next, row as C), {
        ...state,
        conversations,
      });
    }
    case "inbox.counts":
    case "counts.loaded":
      return { ...state, counts: { ...state.counts, [change.data.websiteId]: change.data.counts } };
    case "outbox.changed":
      return { ...state, outbox: change.data.outbox };
    default:
      return state;
  }
}

/** The opened conversations of which newer messages exist than are held. */
export const behind = (state: State): string[] =>
  Object.keys(state.threads).filter(id => (state.heads[id] ?? 0) > state.threads[id]!.lastSeq);

/** There is more of a thread than is held. */
export function hasOlder(state: Pick<State, "threads" | "conversations">, conversationId: string): boolean {
  const thread = state.threads[conversationId];
  const before = state.conversations[conversationId]?.continuesId;
  return !thread?.complete || (!!before && hasOlder(state, before));
}

/** All that is held of a thread, across the conversations that continue one another; oldest first. */
export function messagesOf(state: Pick<State, "threads" | "conversations">, conversationId: string): Message[] {
  const thread = state.threads[conversationId];
  if (!thread) return [];
  const before = thread.complete ? state.conversations[conversationId]?.continuesId : null;
  return before ? [...messagesOf(state, before), ...thread.messages] : thread.messages;
}

/** Keeps the newer of two copies. */
function keep<C extends AnyConversation>(state: State<C>, row: C): State<C> {
  const known = state.conversations[row.id];
  const heads = { ...state.heads };
  raise(heads, row.id, row.lastSeq);
  if (known && known.version > row.version) return { ...state, heads };
  return { ...state, heads, conversations: { ...state.conversations, [row.id]: row } };
}

function raise(heads: Record<string, number>, id: string, seq: number) {
  heads[id] = Math.max(heads[id] ?? 0, seq);
}

/** What has arrived is no longer pending. */
function settle<C extends AnyConversation>(state: State<C>, messages: Message[]): State<C> {
  const arrived = new Set(messages.map(message => message.id));
  const outbox = state.outbox.filter(pending => !arrived.has(pending.id));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** A conversation that the reader's own message began is held whole from then on: nothing to fetch, nothing to hide. */
function begin<C extends AnyConversation>(next: State<C>, state: State<C>, { message, prev }: Arrived): State<C> {
  const known = next.threads[message.conversationId] || prev > 0;
  if (known || !state.outbox.some(pending => pending.id === message.id)) return next;
  return withThread(next, message.conversationId, { messages: [], lastSeq: 0, complete: true, early: [] });
}

function withThread<C extends AnyConversation>(state: State<C>, id: string, thread: Thread): State<C> {
  return { ...state, threads: { ...state.threads, [id]: thread } };
}

const append = (thread: Thread, messages: Message[]): Thread => ({
  ...thread,
  messages: [...thread.messages, ...messages],
  lastSeq: messages.at(-1)?.seq ?? thread.lastSeq,
});

/** Appends what leaves no gap, and keeps what does: processes tell of one conversation at once, and in any order. */
function receive(thread: Thread, arrived: Arrived): Thread {
  if (arrived.prev <= thread.lastSeq) return catchUp(append(thread, [arrived.message]));
  return { ...thread, early: [...thread.early, arrived].slice(-mostEarly) };
}

/** Appends the early ones whose turn has come, and forgets those that came by another way. */
function catchUp(thread: Thread): Thread {
  const early = thread.early.filter(({ message }) => message.seq > thread.lastSeq);
  const next = early.find(({ prev }) => prev <= thread.lastSeq);
  if (next) return catchUp(append({ ...thread, early }, [next.message]));
  return early.length === thread.early.length ? thread : { ...thread, early };
}

/** Joins a page to what is held; a page that does not touch it would leave a gap and is dropped. */
function merge(held: Thread | undefined, page: Message[], more: boolean, asked: Asked): Thread {
  if (asked.after !== undefined && held) {
    return asked.after > held.lastSeq
      ? held
      : catchUp(
          append(
            held,
            page.filter(message => message.seq > held.lastSeq),
          ),
        );
  }
  if (asked.before !== undefined && held) {
    const first = held.messages[0]?.seq;
    return first === asked.before ? { ...held, messages: [...page, ...held.messages], complete: !more } : held;
  }
  return held ?? { messages: page, lastSeq: page.at(-1)?.seq ?? 0, complete: !more, early: [] };
}
