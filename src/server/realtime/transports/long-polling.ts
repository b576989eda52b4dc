import { randomBytes } from "node:crypto";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Reply } from "#protocol/socket.ts";
import { closeCodes } from "#server/realtime/sessions/close-codes.ts";
import type { Connection, Transport } from "#server/realtime/sessions/connection.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import type { ClientRequest } from "#server/realtime/sessions/session.ts";

/** A reader this far behind is terminated, as with sockets. Few clients poll, so that all their queues fit into memory. */
const maxQueuedCharacters = 128 * 1024;
const maxSessions = 5_000;
/** A client may repeat a request that it abandoned, for example some seconds after its network has changed. */
const abandonedMs = 5_000;
/** Events of this time leave with one answer. */
const collectMs = 10;

/** Polling sessions: connections for clients whose network blocks sockets. On the wire a session's id is its `line`. */
export type Polling = {
  /**
   * Opens a session with a hello.
   * @param abandoned  aborted when the client closes the request before it is answered
   * @returns the session's id, which is as good as a password, and the hello's result
   * @throws AppError with the reason of the refusal
   */
  open(request: ClientRequest, hello: unknown, abandoned: AbortSignal): Promise<{ id: string; result: unknown }>;
  /** @throws AppError with the reason of the refusal, or "line_gone" */
  send(id: string, frame: unknown): Promise<{ result: unknown }>;
  /**
   * Waits for events, at most `limits.pollMs`.
   * @param abandoned  aborted when the client closes the request before it is answered: events then wait some seconds for
   *   the next request, and without one the session ends
   * @returns the frames that a socket would have carried
   * @throws AppError "line_gone" when the session has ended
   */
  events(id: string, abandoned: AbortSignal): Promise<{ events: object[] }>;
  /** Ends a session at once. @throws AppError "line_gone" */
  close(id: string): Promise<void>;
};

/**
 * The same frames as over a socket, in the bodies of requests and answers.
 * @param processId  the ids of this process's sessions begin with it; null: there is no other process
 */
export function createPolling(connections: Connections, processId: string | null): Polling {
  const sessions = new Map<string, PollTransport>();

  function get(id: string): PollTransport {
    const session = sessions.get(id);
    if (!session) throw sessionEnded();
    return session;
  }

  function begin(id: string, request: ClientRequest): PollTransport {
    if (sessions.size >= maxSessions) throw tooManySessions();
    const leave = connections.enter(request.network);
    const onEnd = () => {
      sessions.delete(id);
      leave();
    };
    const session = new PollTransport(transport => connections.open(transport, request), onEnd);
    sessions.set(id, session);
    return session;
  }

  return {
    async open(request, hello, abandoned) {
      const id = newSessionId(processId);
      const session = begin(id, request);
      const reply = await session.handle(hello);
      if (abandoned.aborted) session.connection.terminate("abandoned"); // no client knows the id
      if ("result" in reply && session.isOpen()) return { id, result: reply.result };
      void session.connection.closeGently(closeCodes.failed, "refused");
      throw "error" in reply ? asAppError(reply.error) : tooManySessions();
    },
    async send(id, frame) {
      const reply = await get(id).handle(frame);
      if ("error" in reply) throw asAppError(reply.error);
      return { result: reply.result };
    },
    events: async (id, abandoned) => ({ events: await get(id).takeEvents(abandoned) }),
    close: async id => get(id).connection.close(closeCodes.left, "goodbye"),
  };
}

/** A connection that is carried by requests. */
class PollTransport implements Transport {
  readonly kind = "poll";
  readonly connection: Connection;
  private readonly onEnd: () => void;
  /** what the next request for events is answered with */
  private queue: object[] = [];
  private queuedCharacters = 0;
  /** answers the request that waits for events; null: none waits */
  private wake: (() => void) | null = null;
  /** ends the session, unless the client sends another request for events */
  private abandonTimer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  constructor(open: (transport: Transport) => Connection, onEnd: () => void) {
    this.onEnd = onEnd;
    this.connection = open(this);
  }

  isOpen(): boolean {
    return !this.hasEnded;
  }

  send(frame: object): void {
    this.queuedCharacters += JSON.stringify(frame).length;
    if (this.queuedCharacters > maxQueuedCharacters) this.connection.terminate("slow");
    else {
      this.queue.push(frame);
      this.wake?.();
    }
  }

  isBehind(): boolean {
    return this.queuedCharacters > maxQueuedCharacters / 4;
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearTimeout(this.abandonTimer);
    this.wake?.();
    this.onEnd();
    this.connection.onClosed();
  }

  /** A client that waits for events is alive. */
  ping(): void {
    if (this.wake) this.connection.markAlive();
  }

  /** @throws AppError "line_gone" when the session ends with too many frames */
  handle(frame: unknown): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.connection.receive(() => frame, resolve);
      if (this.hasEnded) reject(sessionEnded());
    });
  }

  async takeEvents(abandoned: AbortSignal): Promise<object[]> {
    this.connection.markAlive();
    this.wake?.(); // of two requests at once, the first is answered without events
    clearTimeout(this.abandonTimer);
    await this.waitForEvents(abandoned);
    if (abandoned.aborted) {
      if (!this.wake && !this.hasEnded)
        this.abandonTimer = setTimeout(() => this.connection.terminate("abandoned"), abandonedMs);
      return [];
    }
    const events = this.queue;
    this.queue = [];
    this.queuedCharacters = 0;
    return events;
  }

  private async waitForEvents(abandoned: AbortSignal) {
    if (this.queue.length === 0 && !this.hasEnded) {
      await new Promise<void>(resolve => {
        const finish = () => {
          clearTimeout(timer);
          abandoned.removeEventListener("abort", finish);
          if (this.wake === finish) this.wake = null;
          resolve();
        };
        const timer = setTimeout(finish, limits.pollMs);
        abandoned.addEventListener("abort", finish);
        this.wake = finish;
      });
    }
    if (this.queue.length > 0) await new Promise(resolve => setTimeout(resolve, collectMs));
  }
}

const newSessionId = (processId: string | null) =>
  `${processId === null ? "" : `${processId}.`}${randomBytes(16).toString("base64url")}`;

/** The process that has a session; null: the id names none. */
export const processOf = (id: string): string | null => /^([\w-]+)\./.exec(id)?.[1] ?? null;

const asAppError = ({ code, message, details }: Extract<Reply, { error: object }>["error"]) =>
  new AppError(code, message, { details });

export const sessionEnded = () =>
  new AppError("line_gone", "This polling session has ended, or belongs to another server. Send hello again.");

const tooManySessions = () =>
  new AppError("overloaded", "Too many clients are polling. Try again in some seconds.", {
    details: { retryAfterMs: 5_000 },
  });
