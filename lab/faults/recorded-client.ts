import { isRefusal } from "#client/api.ts";
import type { SocketStatus } from "#client/socket/reconnect.ts";
import type { TextStorage } from "#client/storage.ts";
import { hasOlder, messagesOf } from "#client/store.ts";
import type { Sync } from "#client/sync.ts";
import type { Audience, Author, Change, Held } from "#lab/history/history.ts";
import { copyOf, type Recorder } from "#lab/history/recorder.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;

export type Page = { name: string; url: string; author: Author; outbox: TextStorage; recorder: Recorder };

type Frame = {
  event?: string;
  data?: { message?: Message };
  result?: { message?: Message; conversation?: { websiteId?: number } } | null;
  error?: ErrorBody;
  /** of a page */
  messages?: Message[];
};

/** @returns to be called with each frame that arrives: see browserOf */
export function recordFrames({ name, author, recorder }: Page, audience: Audience) {
  const { addMessage, addTexts } = recorder.addReceiver(name, audience);
  return (frame: Frame, askedAt?: number) => {
    const { data, result, error, messages = [] } = frame;
    addTexts(frame, askedAt);
    if (error) recorder.refuse(error);
    if (data?.message) addMessage(data.message);
    for (const message of messages) addMessage(message);
    if (!result?.message) return;
    addMessage(result.message);
    recorder.acknowledge(author, result.message, result.conversation?.websiteId ?? author.websiteIds[0]!);
  };
}

let pages = 0;

/** A page with a chat. It does around the client what widget and dashboard do. */
export class Client {
  readonly name: string;
  readonly audience: Audience;
  readonly sync: AnySync;
  readonly #recorder: Recorder;
  readonly #page: string;
  readonly #reload: () => void;
  readonly #opening = new Set<string>();
  readonly #unanswered = new Set<Change>();
  readonly #unsubscribe: () => void;
  #status: SocketStatus;
  #arrivals = 0;

  /** @param reload  fetches what events alone do not bring, if it may be stale */
  constructor({ name, recorder }: Page, audience: Audience, sync: AnySync, reload: () => void = () => {}) {
    this.name = name;
    this.audience = audience;
    this.sync = sync;
    this.#recorder = recorder;
    this.#page = `page ${++pages} of ${name}`;
    this.#reload = reload;
    this.#status = sync.getStatus();
    this.#unsubscribe = sync.subscribe(() => this.#onChange());
  }

  /** Opens conversations that it knows, and reloads what may be stale; to be called now and then. */
  update(): void {
    const { conversations, threads } = this.sync.getState();
    for (const id of Object.keys(conversations)) if (!threads[id] && !this.#opening.has(id)) void this.#open(id);
    this.#reload();
  }

  /** Edits or deletes a message of the reader's own. */
  change(message: Message, isDeletion: boolean): void {
    const by = { actor: this.name, page: this.#page, isForbidden: false };
    const change = this.#recorder.change(by, message, isDeletion);
    if (change) void this.#send(change);
  }

  /** Loads all older messages. @returns all that it holds then */
  async listHeld(): Promise<Held> {
    for (const id of Object.keys(this.sync.getState().threads)) {
      while (hasOlder(this.sync.getState(), id)) await this.sync.loadOlder(id);
    }
    return { name: this.name, audience: this.audience, ...describeState(this.sync.getState(), this.#recorder) };
  }

  /** how often it came back online */
  reconnects(): number {
    return Math.max(0, this.#arrivals - 1);
  }

  close(): void {
    this.#unsubscribe();
    for (const change of this.#unanswered) change.outcome = "abandoned";
    this.sync.close();
  }

  #onChange() {
    if (this.sync.getStatus() === this.#status) return;
    this.#status = this.sync.getStatus();
    if (this.#status === "online") this.#arrivals++;
  }

  async #open(id: string) {
    this.#opening.add(id);
    try {
      await this.sync.open(id);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    } finally {
      this.#opening.delete(id);
    }
  }

  async #send(change: Change) {
    const { conversationId, id, body } = change;
    const arrivalsBefore = this.#arrivals;
    this.#unanswered.add(change);
    try {
      await (body === null ? this.sync.remove(conversationId, id) : this.sync.edit(conversationId, id, body));
      this.#recorder.acknowledgeChange(change, this.#arrivals > arrivalsBefore);
    } catch (error) {
      this.#recorder.refuseChange(change, error as ErrorBody);
    } finally {
      this.#unanswered.delete(change);
    }
  }
}

function describeState(state: ReturnType<AnySync["getState"]>, recorder: Recorder): Omit<Held, "name" | "audience"> {
  return {
    threads: Object.keys(state.threads).map(conversationId => {
      const row = state.conversations[conversationId]!;
      return {
        conversationId,
        messages: messagesOf(state, conversationId).map(copyOf),
        unread: row.unread,
        lastSeq: row.lastSeq,
        preview: "preview" in row ? row.preview : null,
      };
    }),
    unsent: state.outbox.map(({ body, error }) => (error ? `${body} (${error.code})` : body)),
    texts: recorder.listTexts(state),
  };
}
