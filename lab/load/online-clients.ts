import type { Sync } from "#client/sync.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";

type AnySync = Sync<Conversation> | Sync<VisitorConversation>;
export type Callbacks = { onOnline: () => void; onRefused: (error: ErrorBody) => boolean };

/** Refusals that a retry does not change. */
const final = new Set<ErrorBody["code"]>(["origin_not_allowed", "session_expired", "not_signed_in", "not_found"]);

/** The clients of one worker: counts those online and those back after a restart, and lists what they hold. */
export class OnlineClients {
  readonly #syncs: AnySync[] = [];
  #now = 0;
  #returned = 0;
  #epoch = 0;

  /** Resolves when the client is first online, and counts it from then on. */
  add(open: (callbacks: Callbacks) => AnySync): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sync = open({
      onOnline: resolve,
      onRefused(error) {
        if (!final.has(error.code)) return true;
        reject(new Error(`${error.code}: ${error.message}`));
        return false;
      },
    });
    this.#syncs.push(sync);
    let isOnline = false;
    let countedIn = -1;
    sync.subscribe(() => {
      if ((sync.getStatus() === "online") === isOnline) return;
      isOnline = !isOnline;
      this.#now += isOnline ? 1 : -1;
      if (!isOnline || countedIn === this.#epoch) return;
      countedIn = this.#epoch;
      this.#returned++;
    });
    return promise;
  }

  /** clients that are online now, and those that came online since the last resetReturned() */
  count = (): { now: number; returned: number } => ({ now: this.#now, returned: this.#returned });

  resetReturned = (): void => {
    this.#epoch++;
    this.#returned = 0;
  };

  /** Of every client: how many messages of which conversation it holds, and how many are unsent. */
  listHeld = (): { conversation: string; messages: number; unsent: number }[] =>
    this.#syncs.flatMap(sync => {
      const { threads, outbox } = sync.getState();
      return Object.entries(threads).map(([conversation, { messages }]) => ({
        conversation,
        messages: messages.length,
        unsent: outbox.length,
      }));
    });
}
