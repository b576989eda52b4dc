import { randomBytes } from "node:crypto";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Reply } from "#protocol/socket.ts";
import { closeCodes } from "#server/realtime/sessions/close-codes.ts";
import type { Connection, Transport } from "#server/realtime/sessions/connection.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import type { ClientRequest } from "#server/realtime/sessions/session.ts";

/** A connection carried by requests, where something between client and server lets no sockets through. */
type Poller = {
  connection: Connection;
  /** what the next request for events takes with it */
  queue: object[];
  queuedCharacters: number;
  /** hands what is queued to the request that waits for it */
  wake: (() => void) | null;
  /** ends it: the client gave up its last request for events, and asks no more */
  abandoning: NodeJS.Timeout | undefined;
  open: boolean;
};

/** A reader this far behind is cut off, as with sockets; they are few, so that the queues of all fit into memory. */
const mostQueuedCharacters = 128 * 1024;
const mostPollers = 5_000;
/** A request that was given up may be asked again: by a client that saw its network change, after a few seconds. */
const abandonedMs = 5_000;
/** What is told at once leaves at once. */
const gatherMs = 10;

export type Polling = {
  /**
   * Says hello.
   * @param abandoned  aborted when the client has gone meanwhile
   * @returns the line's id, which is as good as a password, and hello's result
   */
  open(request: ClientRequest, hello: unknown, abandoned: AbortSignal): Promise<{ line: string; result: unknown }>;
  /** @throws AppError of what the command was refused for, or "line_gone" */
  send(line: string, frame: unknown): Promise<{ result: unknown }>;
  /**
   * Waits until there is something to tell, at most `limits.pollMs`.
   * @param abandoned  aborted when the client has gone meanwhile: what is told then waits some seconds for the next
   *   request, and without one the line ends
   * @returns the frames that a socket would have carried
   * @throws AppError "line_gone" when the line has ended and all was told
   */
  events(line: string, abandoned: AbortSignal): Promise<{ events: object[] }>;
  /** Ends a line at once. @throws AppError "line_gone" */
  close(line: string): Promise<void>;
};

/**
 * The same frames as over a socket, in the bodies of requests and answers.
 * @param name  of this process, with which its lines' ids begin; null: there is no other
 */
export function createPolling(connections: Connections, name: string | null): Polling {
  const pollers = new Map<string, Poller>();

  function find(id: string): Poller {
    const poller = pollers.get(id);
    if (!poller) throw gone();
    return poller;
  }

  function begin(id: string, request: ClientRequest): Poller {
    if (pollers.size >= mostPollers) throw full();
    const leave = connections.enter(request.address);
    const end = () => {
      if (!pollers.delete(id)) return;
      poller.open = false;
      clearTimeout(poller.abandoning);
      poller.wake?.();
      leave();
      poller.connection.onClosed();
    };
    const transport: Transport = {
      kind: "poll",
      isOpen: () => poller.open,
      send(frame) {
        poller.queuedCharacters += JSON.stringify(frame).length;
        if (poller.queuedCharacters > mostQueuedCharacters) return poller.connection.terminate("slow");
        poller.queue.push(frame);
        poller.wake?.();
      },
      close: end,
      terminate: end,
      // Who waits for events lives.
      ping: () => poller.wake && poller.connection.markAlive(),
    };
    const connection = connections.open(transport, request);
    const poller: Poller = {
      connection,
      queue: [],
      queuedCharacters: 0,
      wake: null,
      abandoning: undefined,
      open: true,
    };
    pollers.set(id, poller);
    return poller;
  }

  const carryOut = (poller: Poller, frame: unknown) =>
    new Promise<Reply>((answer, reject) => {
      poller.connection.receive(() => frame, answer);
      if (!poller.open) reject(gone()); // too many frames
    });

  return {
    async open(request, hello, abandoned) {
      const line = `${name === null ? "" : `${name}.`}${randomBytes(16).toString("base64url")}`;
      const poller = begin(line, request);
      const reply = await carryOut(poller, hello);
      if (abandoned.aborted) poller.connection.terminate("abandoned"); // nobody knows of this line
      if ("result" in reply && poller.open) return { line, result: reply.result };
      void poller.connection.closeGently(closeCodes.failed, "refused");
      throw "error" in reply ? asAppError(reply.error) : full();
    },

    async send(line, frame) {
      const reply = await carryOut(find(line), frame);
      if ("error" in reply) throw asAppError(reply.error);
      return { result: reply.result };
    },

    async events(line, abandoned) {
      const poller = find(line);
      poller.connection.markAlive();
      poller.wake?.(); // of two requests at once the first goes without
      clearTimeout(poller.abandoning);
      await waitFor(poller, abandoned);
      if (abandoned.aborted) {
        // Unless another waits already.
        if (!poller.wake && poller.open)
          poller.abandoning = setTimeout(() => poller.connection.terminate("abandoned"), abandonedMs);
        return { events: [] };
      }
      const events = poller.queue;
      poller.queue = [];
      poller.queuedCharacters = 0;
      return { events };
    },

    close: async line => find(line).connection.close(closeCodes.left, "goodbye"),
  };
}

async function waitFor(poller: Poller, abandoned: AbortSignal) {
  if (poller.queue.length === 0 && poller.open) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(finish, limits.pollMs);
      function finish() {
        clearTimeout(timer);
        abandoned.removeEventListener("abort", finish);
        if (poller.wake === finish) poller.wake = null;
        resolve();
      }
      abandoned.addEventListener("abort", finish);
      poller.wake = finish;
    });
  }
  if (poller.queue.length > 0) await new Promise(resolve => setTimeout(resolve, gatherMs));
}

const asAppError = ({ code, message, details }: Extract<Reply, { error: object }>["error"]) =>
  new AppError(code, message, { details });

export const gone = () =>
  new AppError("line_gone", "This connection has ended, or is another server's. Say hello again.");

const full = () =>
  new AppError("overloaded", "Too many poll for events. Try again in some seconds.", {
    details: { retryAfterMs: 5_000 },
  });
