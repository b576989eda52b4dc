import type { Sync } from "#client/sync.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { Message } from "#protocol/messages.ts";

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;

/** Calls back for every message of the open threads, once and in the order in which the client holds them. */
export function follow(sync: AnySync, onMessage: (message: Message) => void): void {
  const followed = new Map<string, number>();
  let known = sync.getState().threads;
  sync.subscribe(() => {
    const { threads } = sync.getState();
    if (threads === known) return;
    for (const [id, { messages }] of Object.entries(threads)) {
      if (known[id]?.messages === messages) continue;
      for (let at = followed.get(id) ?? 0; at < messages.length; at++) onMessage(messages[at]!);
      followed.set(id, messages.length);
    }
    known = threads;
  });
}

/** Resolves when a reader's state meets a condition. */
export function waitFor<State>(
  sync: { getState(): State; subscribe(listener: () => void): () => void },
  condition: (state: State) => boolean,
): Promise<void> {
  if (condition(sync.getState())) return Promise.resolve();
  return new Promise(resolve => {
    const stop = sync.subscribe(() => {
      if (!condition(sync.getState())) return;
      stop();
      resolve();
    });
  });
}

/** @returns a function that waits for a message by its id: resolves when it is committed, rejects when it is refused */
export function createTracker(sync: AnySync): (messageId: string) => Promise<void> {
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let known = sync.getState().outbox;
  sync.subscribe(() => {
    const { outbox } = sync.getState();
    if (outbox === known) return;
    known = outbox;
    for (const [id, { resolve, reject }] of waiting) {
      const pending = outbox.find(row => row.id === id);
      if (pending && !pending.error) continue;
      waiting.delete(id);
      if (pending) reject(pending.error);
      else resolve();
    }
  });
  return messageId => {
    const acknowledged = Promise.withResolvers<void>();
    waiting.set(messageId, acknowledged);
    return acknowledged.promise;
  };
}
