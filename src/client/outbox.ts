import type { TextStorage } from "./storage.ts";
import type { Pending } from "./store.ts";

/** Unsent messages, which outlive the page. */
export type Outbox = { load(): Pending[]; save(outbox: Pending[]): void };

/**
 * Keeps each unsent message under a name of its own, its id: two tabs that write at the same time do not overwrite each
 * other's messages. Both tabs may send the same message; its id makes that one message.
 * @param storage  for this outbox alone, shared by the tabs of the same person
 */
export function openOutbox(storage: TextStorage): Outbox {
  let held: Pending[] = [];
  return {
    load() {
      // An id begins with its time, so the order of ids is the order of writing.
      held = storage
        .listNames()
        .sort()
        .flatMap(id => parse(storage.get(id)) ?? []);
      return held;
    },
    save(outbox) {
      const ids = new Set(outbox.map(pending => pending.id));
      for (const { id } of held) if (!ids.has(id)) storage.set(id, null);
      // Only what changed: another tab may already have sent the rest.
      for (const pending of outbox) if (!held.includes(pending)) storage.set(pending.id, JSON.stringify(pending));
      held = outbox;
    },
  };
}

/**
 * Prefixes of the keys of unsent messages in a browser; the message's id follows. They must not change: stored messages
 * are found by them.
 * @param prefix  of all that the widget keeps for this visitor
 */
export const visitorOutboxPrefix = (prefix: string): string => `${prefix}unsent:`;
export const agentOutboxPrefix = (userId: string): string => `prochat:unsent:${userId}:`;

function parse(text: string | null): Pending | null {
  try {
    return JSON.parse(text as string);
  } catch {
    return null;
  }
}
