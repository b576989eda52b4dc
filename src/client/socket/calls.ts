import type { ErrorBody } from "#protocol/errors.ts";
import type { SocketCommand } from "#protocol/socket.ts";
import type { Transport } from "./transport.ts";

type Waiting = { resolve(answer: never): void; reject(error: ErrorBody | null): void };

/** Commands that were sent over one transport, until they are answered. */
export type Calls = {
  /**
   * Resolves with the answer. Rejects with an ErrorBody if the server refuses, with null if the transport breaks first.
   * @param onTimeout  is called if there is no answer after `timeoutMs`
   */
  send<Answer>(
    transport: Transport,
    frame: { command: SocketCommand; params: unknown },
    timeoutMs: number,
    onTimeout: () => void,
  ): Promise<Answer>;
  receive(reply: { ref: number; result?: unknown; error?: ErrorBody }): void;
  rejectAll(): void;
};

export function createCalls(): Calls {
  const waiting = new Map<number, Waiting>();
  let lastRef = 0;
  return {
    send(transport, frame, timeoutMs, onTimeout) {
      const ref = ++lastRef;
      const timer = setTimeout(onTimeout, timeoutMs);
      const answered = new Promise<never>((resolve, reject) => waiting.set(ref, { resolve, reject }));
      transport.send(JSON.stringify({ ref, ...frame }));
      return answered.finally(() => clearTimeout(timer));
    },
    receive({ ref, result, error }) {
      const call = waiting.get(ref);
      waiting.delete(ref);
      if (error) call?.reject(error);
      else call?.resolve(result as never);
    },
    rejectAll() {
      for (const call of waiting.values()) call.reject(null);
      waiting.clear();
    },
  };
}
