import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Message } from "#protocol/messages.ts";
import type { AgentEvent, SocketCommand, VisitorEvent } from "#protocol/socket.ts";
import type { Refusal } from "./api.ts";
import { newId } from "./ids.ts";
import type { Outbox } from "./outbox.ts";
import { ReconnectingSocket, type SocketOptions, type SocketStatus } from "./socket/reconnect.ts";
import { type Asked, apply, behind, type Change, emptyState, type Pending, type State } from "./store.ts";

type Page<C> = { messages: Message[]; more: boolean; conversation: C };
type Sent<C> = { message: Message; prev: number; conversation: C };

export type SyncOptions<C extends Conversation | VisitorConversation> = Pick<
  SocketOptions,
  "url" | "browser" | "hello" | "onRefused"
> & {
  fetchPage: (conversationId: string, asked: Asked) => Promise<Page<C>>;
  /** The `message.send` command's parameters of this reader. */
  sendParams: (pending: Pending) => unknown;
  /** Names a conversation in the parameters of this reader's commands. */
  target: (conversationId: string) => object;
  outbox: Outbox;
  /** After every hello: fetch here what events alone cannot tell. */
  onOnline?: (answer: unknown) => void;
  onEvent?: (event: AgentEvent | VisitorEvent) => void;
  /** Tells the echo of what this reader does, which is no news to them. */
  isEcho?: (event: AgentEvent | VisitorEvent) => boolean;
};

export type Sync<C extends Conversation | VisitorConversation> = {
  getState(): State<C>;
  getStatus(): SocketStatus;
  /** Calls back after each change of state or status; returns how to stop. */
  subscribe(listener: () => void): () => void;
  apply(change: Change): void;
  /** Loads the newest page of a conversation, once. */
  open(conversationId: string): Promise<void>;
  /** Loads the page before the oldest message held, into the conversation before when one is complete. */
  loadOlder(conversationId: string): Promise<void>;
  /** Shows the message as pending at once and sends it until it is committed; returns its id. */
  send(message: Pick<Pending, "conversationId" | "websiteId" | "kind" | "body">): string;
  retry(id: string): void;
  discard(id: string): void;
  /** The reader has seen the messages up to `seq`. */
  markRead(conversationId: string, seq: number): void;
  setTyping(conversationId: string, typing: boolean): void;
  /** Sends a command that matters only now; it is lost when offline, and its answer is ignored. */
  notify(command: SocketCommand, params: unknown): void;
  close(): void;
};

/** Refusals that pass by themselves: the message stays pending and goes again. */
const passing = new Set<ErrorBody["code"]>(["rate_limited", "overloaded", "unavailable", "internal"]);
const againMs = 3_000;

/** Not before the server said, and not with all the others that it said it to. */
function pauseMs({ details }: ErrorBody): number {
  const { retryAfterMs = againMs } = (details ?? {}) as { retryAfterMs?: number };
  return retryAfterMs * (1 + Math.random() / 2);
}

/** Events of one batch arrive in a row: give the rest of them a moment before asking for what seems missing. */
const repairDelayMs = 200;

/** Keeps a reader's state equal to what is committed, over one socket and one way of recovery: "what follows N?". */
export function createSync<C extends Conversation | VisitorConversation>(options: SyncOptions<C>): Sync<C> {
  let state: State<C> = { ...emptyState, outbox: options.outbox.load() };
  let status: SocketStatus = "connecting";
  const listeners = new Set<() => void>();
  const loading = new Map<string, Promise<void>>();
  let repairTimer: ReturnType<typeof setTimeout> | undefined;
  const transmitting = new Set<Pending["conversationId"]>();
  const againTimers = new Set<ReturnType<typeof setTimeout>>();
  const typingTimers = new Map<string, ReturnType<typeof setTimeout>>();

  const { url, browser, hello, onRefused, target } = options;
  const socket = new ReconnectingSocket({
    url,
    ...(browser && { browser }),
    hello,
    onRefused,
    onStatus(next) {
      status = next;
      callListeners();
    },
    onOnline(answer) {
      options.onOnline?.(answer);
      for (const id of Object.keys(state.threads)) recover(id);
      transmitAll();
    },
    onEvent(frame) {
      const event = frame as AgentEvent | VisitorEvent;
      if (options.isEcho?.(event)) return;
      change(event);
      if (event.event === "conversation.typing") forgetTyping(event);
      options.onEvent?.(event);
    },
  });

  function callListeners() {
    for (const listener of listeners) listener();
  }

  function change(what: Change) {
    const before = state.outbox;
    state = apply(state, what);
    if (state.outbox !== before) options.outbox.save(state.outbox);
    if (behind(state).length) repairSoon();
    callListeners();
  }

  /** Whoever went silent in the middle of a word (closed the page, lost the network) does not type for ever. */
  function forgetTyping(event: Extract<AgentEvent | VisitorEvent, { event: "conversation.typing" }>) {
    const id = event.data.conversationId;
    clearTimeout(typingTimers.get(id));
    const stopped = { ...event, data: { ...event.data, typing: false } } as Change;
    typingTimers.set(id, setTimeout(change, limits.typingMs * 2, stopped));
  }

  /** Not put off by what else happens: to a busy reader something always does. */
  function repairSoon() {
    repairTimer ??= setTimeout(() => {
      repairTimer = undefined;
      behind(state).forEach(recover);
    }, repairDelayMs);
  }

  /** Asks for what follows the last number held, until it is answered or refused for good. */
  function recover(id: string) {
    load(id, { after: state.threads[id]!.lastSeq }).catch((error: Refusal) => {
      if (error.status === 0 || error.status >= 429) againTimers.add(setTimeout(recover, againMs, id));
    });
  }

  /** One request at a time a conversation; pages forward until there is no more. */
  function load(id: string, asked: Asked): Promise<void> {
    const running = loading.get(id);
    if (running) return running;
    const run = fetchAndApply(id, asked).finally(() => loading.delete(id));
    loading.set(id, run);
    return run;
  }

  async function fetchAndApply(id: string, asked: Asked) {
    for (let next: Asked | null = asked; next; ) {
      const page: Page<C> = await options.fetchPage(id, next);
      change({ event: "page.loaded", data: { ...page, asked: next } });
      const last = page.messages.at(-1);
      next = asked.after !== undefined && page.more && last ? { after: last.seq } : null;
    }
  }

  /** One message at a time a conversation: what is said in a row is stored in a row, whatever is put off meanwhile. */
  async function transmit(conversationId: Pending["conversationId"]) {
    if (transmitting.has(conversationId)) return;
    const pending = state.outbox.find(row => row.conversationId === conversationId && !row.error);
    if (!pending) return;
    transmitting.add(conversationId);
    const goOn = () => {
      transmitting.delete(conversationId);
      void transmit(conversationId);
    };
    try {
      const sent = await socket.send<Sent<C>>("message.send", options.sendParams(pending));
      change({ event: "message.created", data: sent } as Change);
      goOn();
    } catch (error) {
      const refusal = error as ErrorBody | null;
      if (refusal && passing.has(refusal.code)) return againTimers.add(setTimeout(goOn, pauseMs(refusal)));
      if (refusal) {
        replace(pending.id, row => ({ ...row, error: refusal }));
        return goOn();
      }
      // The socket broke: the messages go again when it is back.
      transmitting.delete(conversationId);
    }
  }

  function transmitAll() {
    for (const { conversationId } of state.outbox) void transmit(conversationId);
  }

  function replace(id: string, by: (pending: Pending) => Pending | null) {
    const outbox = state.outbox.flatMap(row => (row.id === id ? (by(row) ?? []) : row));
    change({ event: "outbox.changed", data: { outbox } });
  }

  const notify = (command: SocketCommand, params: unknown) => void socket.send(command, params).catch(() => {});

  return {
    getState: () => state,
    getStatus: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply: change,
    open: id => (state.threads[id] ? Promise.resolve() : load(id, {})),
    async loadOlder(id) {
      const thread = state.threads[id];
      if (!thread?.complete) return load(id, thread?.messages[0] ? { before: thread.messages[0].seq } : {});
      const earlier = state.conversations[id]?.continuesId;
      if (!earlier) return;
      return state.threads[earlier] ? this.loadOlder(earlier) : load(earlier, {});
    },
    send(message) {
      const pending: Pending = { ...message, id: newId(), createdAt: new Date().toISOString(), error: null };
      change({ event: "outbox.changed", data: { outbox: [...state.outbox, pending] } });
      void transmit(pending.conversationId);
      return pending.id;
    },
    retry(id) {
      replace(id, row => ({ ...row, error: null }));
      transmitAll();
    },
    discard: id => replace(id, () => null),
    markRead: (id, seq) => notify("conversation.read", { ...target(id), seq }),
    setTyping: (id, typing) => notify("conversation.typing", { ...target(id), typing }),
    notify,
    close() {
      clearTimeout(repairTimer);
      againTimers.forEach(clearTimeout);
      typingTimers.forEach(clearTimeout);
      socket.close();
    },
  };
}

/** @param url  of the server, such as https://chat.example.com */
export const socketUrl = (url: string): string => `${url.replace(/^http/, "ws")}/api/v1/socket`;

/** Where a page of messages is, below the reader's own path. */
export const messagesPath = (path: string, conversationId: string, asked: Asked): string =>
  `${path}/conversations/${conversationId}/messages?${new URLSearchParams(asked as Record<string, string>)}`;
