import type { ErrorBody } from "#protocol/errors.ts";
import type { Refusal } from "./api.ts";

/** Refusals after which the same item is sent again. */
const transient: Refusal["code"][] = ["rate_limited", "overloaded", "unavailable", "internal", "unreachable"];
export const retryMs = 3_000;

/** @param error  null: the connection broke */
export const isTransient = (error: Pick<Refusal, "code"> | null): boolean => !error || transient.includes(error.code);

/** At least as long as the server asks for, plus up to 50% at random: it asks all clients for the same. */
function pauseMs({ details }: ErrorBody): number {
  const { retryAfterMs = retryMs } = (details ?? {}) as { retryAfterMs?: number };
  return retryAfterMs * (1 + Math.random() / 2);
}

export type Queue<Item> = {
  /** the oldest item of a conversation that is not sent yet */
  next(conversationId: string | null): Item | undefined;
  /** Rejects with an ErrorBody if the server refuses, with null if the connection breaks. */
  send(item: Item): Promise<void>;
  /** The server has refused the item for good. */
  onRefused(item: Item, error: ErrorBody): void;
};

export type Sender = {
  /** To be called after an item was added, and after each reconnect. */
  run(conversationId: string | null): Promise<void>;
  close(): void;
};

/**
 * Sends items until the server has accepted each or refused it for good. One item at a time per conversation: they are
 * stored in the order in which they were written, also if one is retried.
 */
export function createSender<Item>({ next, send, onRefused }: Queue<Item>): Sender {
  /** Conversations with an item that is being sent; with a timer while the item waits to be retried. */
  const busy = new Map<string | null, ReturnType<typeof setTimeout> | undefined>();

  async function run(conversationId: string | null): Promise<void> {
    const item = !busy.has(conversationId) && next(conversationId);
    if (!item) return;
    busy.set(conversationId, undefined);
    const sendNext = () => {
      busy.delete(conversationId);
      void run(conversationId);
    };
    try {
      await send(item);
    } catch (thrown) {
      const error = thrown as ErrorBody | null;
      if (!error) return void busy.delete(conversationId);
      if (isTransient(error)) return void busy.set(conversationId, setTimeout(sendNext, pauseMs(error)));
      onRefused(item, error);
    }
    sendNext();
  }

  return {
    run,
    close() {
      for (const timer of busy.values()) clearTimeout(timer);
    },
  };
}
