import type { ErrorBody } from "#protocol/errors.ts";
import type { SocketCommand } from "#protocol/socket.ts";
import type { Transport } from "./transport.ts";

type Waiting = { resolve(answer: never): void; reject(error: ErrorBody | null): void };

/** Commands that were sent over one transport, until they are answered. */
export class Calls {
  readonly #waiting = new Map<number, Waiting>();
  #ref = 0;

  /**
   * Resolves with the answer. Rejects with an ErrorBody if the server refuses, with null if the transport breaks first.
   * @param onTimeout  is called if there is no answer after `timeoutMs`
   */
  send<Answer>(
    transport: Transport,
    frame: { command: SocketCommand; params: unknown },
    { timeoutMs, onTimeout }: { timeoutMs: number; onTimeout: () => void },
  ): Promise<Answer> {
    const ref = ++this.#ref;
    const timer = setTimeout(onTimeout, timeoutMs);
    const answered = new Promise<Answer>((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
    transport.send(JSON.stringify({ ref, ...frame }));
    return answered.finally(() => clearTimeout(timer));
  }

  receive({ ref, result, error }: { ref: number; result?: unknown; error?: ErrorBody }): void {
    const call = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    if (error) call?.reject(error);
    else call?.resolve(result as never);
  }

  rejectAll(): void {
    for (const call of this.#waiting.values()) call.reject(null);
    this.#waiting.clear();
  }
}
