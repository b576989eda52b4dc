import type { ErrorBody } from "#protocol/errors.ts";

/** Refusals that pass by themselves: the same is sent again. */
const transient: ErrorBody["code"][] = ["rate_limited", "overloaded", "unavailable", "internal"];
export const retryMs = 3_000;

/** Not before the server said, and not together with all the others to whom it said so. */
function pauseMs({ details }: ErrorBody): number {
  const { retryAfterMs = retryMs } = (details ?? {}) as { retryAfterMs?: number };
  return retryAfterMs * (1 + Math.random() / 2);
}

export type Queue<Item> = {
  /** the oldest of a conversation that is to be sent */
  next(conversationId: string | null): Item | undefined;
  /** Rejects with an ErrorBody if the server refuses, with null if the connection breaks. */
  send(item: Item): Promise<void>;
  /** The server has refused for good. */
  onRefused(item: Item, error: ErrorBody): void;
};

export type Sender = {
  /** To be called when something new waits, and after each reconnect. */
  run(conversationId: string | null): Promise<void>;
  close(): void;
};

/**
 * Sends what waits until the server has answered it for good. One item at a time a conversation: what is written in a
 * row is stored in a row, whatever is put off meanwhile.
 */
export function createSender<Item>({ next, send, onRefused }: Queue<Item>): Sender {
  /** Conversations of which an item is being sent; with a timer while it waits for the next try. */
  const busy = new Map<string | null, ReturnType<typeof setTimeout> | undefined>();

  async function run(conversationId: string | null): Promise<void> {
    const item = !busy.has(conversationId) && next(conversationId);
    if (!item) return;
    busy.set(conversationId, undefined);
    const goOn = () => {
      busy.delete(conversationId);
      void run(conversationId);
    };
    try {
      await send(item);
    } catch (thrown) {
      const error = thrown as ErrorBody | null;
      if (!error) return void busy.delete(conversationId);
      if (transient.includes(error.code)) return void busy.set(conversationId, setTimeout(goOn, pauseMs(error)));
      onRefused(item, error);
    }
    goOn();
  }

  return {
    run,
    close() {
      for (const timer of busy.values()) clearTimeout(timer);
    },
  };
}
