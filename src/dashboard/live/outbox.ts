import type { Pending } from "#client/store.ts";

/**
 * Keeps unsent messages in the browser, one entry each: tabs of the same user may write at the same time, and none
 * takes away what another has not sent. Two tabs may both send one; its id makes that one message.
 */
export function createOutbox(userId: string, storage: Storage = localStorage) {
  const prefix = `prochat:unsent:${userId}:`;
  let mine = new Set<string>();
  return {
    load(): Pending[] {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
      const found = keys.filter(key => key.startsWith(prefix)).map(key => JSON.parse(storage.getItem(key)!) as Pending);
      mine = new Set(found.map(pending => pending.id));
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    save(outbox: Pending[]): void {
      const ids = new Set(outbox.map(pending => pending.id));
      for (const id of mine) if (!ids.has(id)) storage.removeItem(prefix + id);
      for (const pending of outbox) storage.setItem(prefix + pending.id, JSON.stringify(pending));
      mine = ids;
    },
  };
}
