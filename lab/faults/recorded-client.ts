import { isRefusal } from "#client/api.ts";
import type { TextStorage } from "#client/storage.ts";
import { hasOlder, messagesOf } from "#client/store.ts";
import type { Sync } from "#client/sync.ts";
import type { Audience, Author, Change, Held } from "#lab/history/history.ts";
import { copyOf, type Recorder } from "#lab/history/recorder.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Message } from "#protocol/messages.ts";

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;

/** A page with a chat. It does around the client what widget and dashboard do. */
export type Client = {
  name: string;
  audience: Audience;
  sync: AnySync;
  /** Opens conversations that it knows, and reloads what may be stale; to be called now and then. */
  update(): void;
  /** Edits or deletes a message of the reader's own. */
  change(message: Message, isDeletion: boolean): void;
  /** Loads all older messages. @returns all that it holds then */
  listHeld(): Promise<Held>;
  /** how often it came back online */
  reconnects(): number;
  close(): void;
};

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

/** @param reload  fetches what events alone do not bring, if it may be stale */
export function createClient({ name, recorder }: Page, audience: Audience, sync: AnySync, reload: () => void): Client {
  const page = `page ${++pages} of ${name}`;
  const opening = new Set<string>();
  const unanswered = new Set<Change>();
  let status = sync.getStatus();
  let arrivals = 0;

  const stop = sync.subscribe(() => {
    if (sync.getStatus() === status) return;
    status = sync.getStatus();
    if (status === "online") arrivals++;
  });

  function openAll() {
    const { conversations, threads } = sync.getState();
    for (const id of Object.keys(conversations)) {
      if (threads[id] || opening.has(id)) continue;
      opening.add(id);
      sync
        .open(id)
        .catch(error => {
          if (!isRefusal(error)) throw error;
        })
        .finally(() => opening.delete(id));
    }
  }

  return {
    name,
    audience,
    sync,
    update() {
      openAll();
      reload();
    },
    change(message, isDeletion) {
      const change = recorder.change({ actor: name, page, isForbidden: false }, message, isDeletion);
      if (!change) return;
      unanswered.add(change);
      const arrivalsBefore = arrivals;
      const { conversationId, id } = message;
      const answered =
        change.body === null ? sync.remove(conversationId, id) : sync.edit(conversationId, id, change.body);
      answered
        .then(
          () => recorder.acknowledgeChange(change, arrivals > arrivalsBefore),
          error => recorder.refuseChange(change, error),
        )
        .finally(() => unanswered.delete(change));
    },
    async listHeld() {
      for (const id of Object.keys(sync.getState().threads)) {
        while (hasOlder(sync.getState(), id)) await sync.loadOlder(id);
      }
      return { name, audience, ...describeState(sync.getState(), recorder) };
    },
    reconnects: () => Math.max(0, arrivals - 1),
    close() {
      stop();
      for (const change of unanswered) change.outcome = "abandoned";
      sync.close();
    },
  };
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
