import * as clientLimits from "#protocol/client-limits.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { AgentEvent, SocketCommand, VisitorEvent } from "#protocol/socket.ts";
import { newId } from "./ids.ts";
import { Loader } from "./loader.ts";
import type { Outbox } from "./outbox.ts";
import { createSender, type Sender } from "./sender.ts";
import { ReconnectingSocket, type SocketOptions, type SocketStatus } from "./socket/reconnect.ts";
import {
  type AnyConversation,
  type Change,
  emptyState,
  type LoadedPage,
  type Pending,
  type PendingChange,
  type State,
} from "./store.ts";
import type { Asked } from "./thread.ts";

export type SyncOptions<C extends AnyConversation> = Pick<SocketOptions, "url" | "browser" | "hello" | "onRefused"> & {
  reduce: (state: State<C>, change: Change) => State<C>;
  fetchPage: (conversationId: string, asked: Asked) => Promise<LoadedPage<C>>;
  /** The `message.send` command's parameters of this reader. */
  sendParams: (pending: Pending) => object;
  /** Names a conversation in the parameters of this reader's commands. */
  target: (conversationId: string) => object;
  outbox: Outbox;
  /** After every hello: fetch here what events alone do not bring. */
  onOnline?(answer: unknown): void;
  onEvent?: (event: AgentEvent | VisitorEvent) => void;
  /** Recognises the events that this reader caused; they are ignored. */
  isEcho?: (event: AgentEvent | VisitorEvent) => boolean;
};

type TypingEvent = Extract<AgentEvent | VisitorEvent, { event: "conversation.typing" }>;

/** Keeps a reader's state equal to what the server has committed, over one socket. */
export class Sync<C extends AnyConversation> {
  readonly #options: SyncOptions<C>;
  readonly #socket: ReconnectingSocket;
  readonly #loader: Loader<C>;
  readonly #messages: Sender;
  readonly #changes: Sender;
  readonly #onFinished = new Map<PendingChange, (error?: ErrorBody) => void>();
  readonly #typingTimers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<() => void>();
  #state: State<C>;
  #status: SocketStatus = "connecting";

  constructor(options: SyncOptions<C>) {
    this.#options = options;
    this.#state = { ...emptyState, outbox: options.outbox.load() };
    this.#loader = new Loader(this, options.fetchPage);
    this.#messages = createSender<Pending>({
      next: id => this.#state.outbox.find(row => row.conversationId === id && !row.error),
      send: async pending => {
        const data = await this.#socket.send("message.send", options.sendParams(pending));
        this.apply({ event: "message.created", data } as Change);
      },
      onRefused: ({ id }, error) => this.#replace(id, { error }),
    });
    this.#changes = createSender<PendingChange>({
      next: id => this.#state.changes.find(change => change.conversationId === id),
      send: change => this.#sendChange(change),
      onRefused: (change, error) => this.#finish(change, error),
    });
    this.#socket = new ReconnectingSocket({
      ...options,
      onStatus: status => {
        this.#status = status;
        this.#callListeners();
      },
      onOnline: answer => this.#onOnline(answer),
      onEvent: event => this.#onEvent(event as AgentEvent | VisitorEvent),
    });
  }

  // Arrow functions, because React calls them without their object.
  getState = (): State<C> => this.#state;
  getStatus = (): SocketStatus => this.#status;
  /** Calls back after each change of state or status; returns how to stop. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  apply = (change: Change): void => {
    const { outbox } = this.#state;
    this.#state = this.#options.reduce(this.#state, change);
    if (this.#state.outbox !== outbox) this.#options.outbox.save(this.#state.outbox);
    this.#loader.repairSoon();
    this.#callListeners();
  };

  /** Loads the newest page of a conversation, once. */
  open = (conversationId: string): Promise<void> => this.#loader.open(conversationId);

  /** Loads the page before the oldest message held, or of the conversation before when one is complete. */
  loadOlder = (conversationId: string, limit?: number): Promise<void> => this.#loader.loadOlder(conversationId, limit);

  /** Shows the message as pending at once and sends it until it is committed; returns its id. */
  send(message: Pick<Pending, "conversationId" | "websiteId" | "kind" | "body">): string {
    const pending: Pending = { ...message, id: newId(), createdAt: new Date().toISOString(), error: null };
    this.apply({ event: "pending.changed", data: { outbox: [...this.#state.outbox, pending] } });
    void this.#messages.run(pending.conversationId);
    return pending.id;
  }

  retry(id: string): void {
    this.#replace(id, { error: null });
    this.#sendAll();
  }

  discard(id: string): void {
    this.#replace(id, null);
  }

  /**
   * Edits the reader's own message: shows it at once and sends the change until it is committed. Rejects with an
   * ErrorBody if the server refuses; then the message shows as it was.
   */
  edit(conversationId: string, id: string, body: string): Promise<void> {
    return this.#change({ conversationId, id, patch: { body, editedAt: new Date().toISOString() } });
  }

  /** Deletes the reader's own message, as edit() does. */
  remove(conversationId: string, id: string): Promise<void> {
    const patch = { body: "", details: null, deletedAt: new Date().toISOString() } as const;
    return this.#change({ conversationId, id, patch });
  }

  /** The reader has seen the messages up to `seq`. */
  markRead(conversationId: string, seq: number): void {
    this.signal("conversation.read", { ...this.#options.target(conversationId), seq });
  }

  setTyping(conversationId: string, typing: boolean): void {
    this.signal("conversation.typing", { ...this.#options.target(conversationId), typing });
  }

  /** Sends a command that matters only now: it is lost when offline, and its answer is ignored. */
  signal(command: SocketCommand, params: object): void {
    this.request(command, params).catch(() => {});
  }

  /** Resolves with the answer. Rejects with an ErrorBody if the server refuses, with null if offline. */
  request<Answer>(command: SocketCommand, params: object): Promise<Answer> {
    return this.#socket.send(command, params);
  }

  close(): void {
    this.#loader.close();
    this.#messages.close();
    this.#changes.close();
    this.#typingTimers.forEach(clearTimeout);
    this.#socket.close();
  }

  #callListeners() {
    for (const listener of this.#listeners) listener();
  }

  #onOnline(answer: unknown) {
    this.#options.onOnline?.(answer);
    this.#loader.repairAll();
    this.#sendAll();
  }

  #onEvent(event: AgentEvent | VisitorEvent) {
    if (this.#options.isEcho?.(event)) return;
    this.apply(event);
    if (event.event === "conversation.typing") this.#forgetTyping(event);
    this.#options.onEvent?.(event);
  }

  /** Ends "is typing" after a while: a writer who closes the page or loses the network sends no end. */
  #forgetTyping(event: TypingEvent) {
    const id = event.data.conversationId;
    clearTimeout(this.#typingTimers.get(id));
    const stopped = { ...event, data: { ...event.data, typing: false } } as Change;
    this.#typingTimers.set(id, setTimeout(this.apply, clientLimits.typingMs * 2, stopped));
  }

  #sendAll() {
    for (const { conversationId } of this.#state.outbox) void this.#messages.run(conversationId);
    for (const { conversationId } of this.#state.changes) void this.#changes.run(conversationId);
  }

  /** @param change  null removes it */
  #replace(id: string, change: Partial<Pending> | null) {
    const outbox = this.#state.outbox.flatMap(row => (row.id === id ? (change ? { ...row, ...change } : []) : row));
    this.apply({ event: "pending.changed", data: { outbox } });
  }

  #change(change: PendingChange): Promise<void> {
    this.apply({ event: "pending.changed", data: { changes: [...this.#state.changes, change] } });
    return new Promise((resolve, reject) => {
      this.#onFinished.set(change, error => (error ? reject(error) : resolve()));
      void this.#changes.run(change.conversationId);
    });
  }

  async #sendChange(change: PendingChange) {
    const { conversationId, id, patch } = change;
    const params = { ...this.#options.target(conversationId), id };
    const data = await ("deletedAt" in patch
      ? this.#socket.send("message.delete", params)
      : this.#socket.send("message.edit", { ...params, body: patch.body }));
    this.apply({ event: "message.changed", data } as Change);
    this.#finish(change);
  }

  #finish(change: PendingChange, error?: ErrorBody) {
    const changes = this.#state.changes.filter(other => other !== change);
    this.apply({ event: "pending.changed", data: { changes } });
    this.#onFinished.get(change)?.(error);
    this.#onFinished.delete(change);
  }
}

/** @param url  of the server, such as https://chat.example.com */
export const socketUrl = (url: string): string => `${url.replace(/^http/, "ws")}/api/v1/socket`;

/** The path of a page of messages, below the reader's own path. */
export const messagesPath = (path: string, conversationId: string, asked: Asked): string =>
  `${path}/conversations/${conversationId}/messages?${new URLSearchParams(asked as Record<string, string>)}`;
