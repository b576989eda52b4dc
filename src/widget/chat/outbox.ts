import type { Pending } from "#client/store.ts";
import type { Store } from "#widget/page/store.ts";

const prefix = "unsent:";

/** The message that a storage key is about; null for every other key. */
export const unsentId = (name: string): string | null => (name.startsWith(prefix) ? name.slice(prefix.length) : null);

/** Unsent messages, each under a key of its own: two tabs that write at once do not overwrite one another. */
export function openOutbox(store: Store): { load(): Pending[]; save(outbox: Pending[]): void } {
  let held: Pending[] = [];
  return {
    load() {
      // Ids begin with their time, so their order is the order of writing.
      const ids = store.names().flatMap(name => unsentId(name) ?? []);
      held = ids.sort().flatMap(id => parse(store.get(prefix + id)) ?? []);
      return held;
    },
    save(outbox) {
      const ids = new Set(outbox.map(pending => pending.id));
      for (const { id } of held) if (!ids.has(id)) store.set(prefix + id, null);
      // Only what changed: another tab may have settled the rest.
      for (const pending of outbox)
        if (!held.includes(pending)) store.set(prefix + pending.id, JSON.stringify(pending));
      held = outbox;
    },
  };
}

function parse(text: string | null): Pending | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
