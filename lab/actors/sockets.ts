import { once } from "node:events";
import { WebSocket } from "ws";
import type { ErrorBody } from "#protocol/errors.ts";

export type TestEvent = { event: string; data: Record<string, unknown> };

/** A socket at the level of frames. */
export type TestSocket = {
  ws: WebSocket;
  events: TestEvent[];
  /** errors that are no answer to a command */
  errors: ErrorBody[];
  /** Resolves with the result; rejects with the ErrorBody. */
  command<Result>(command: string, params: unknown): Promise<Result>;
  /** Resolves with the first event of that name that satisfies, received before or after the call. */
  event(name: string, satisfies?: (data: Record<string, unknown>) => boolean): Promise<TestEvent["data"]>;
  closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
};

/** Only ends a test that hangs: a busy machine may need seconds. */
const timeoutMs = 60_000;

export async function openSocket(url: string, headers: Record<string, string>): Promise<TestSocket> {
  const ws = new WebSocket(`${url.replace(/^http/, "ws")}/api/v1/socket`, { headers });
  const events: TestEvent[] = [];
  const errors: ErrorBody[] = [];
  const waiting = new Map<number, { resolve(result: never): void; reject(error: ErrorBody): void }>();
  const listeners = new Set<() => void>();
  let ref = 0;
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    ws.on("close", (code, reason) => resolve({ code, reason: String(reason) })),
  );
  ws.on("message", data => {
    const frame = JSON.parse(String(data));
    if (frame.event) events.push(frame);
    else if (frame.ref === null) errors.push(frame.error);
    else if (frame.error) waiting.get(frame.ref)?.reject(frame.error);
    else waiting.get(frame.ref)?.resolve(frame.result as never);
    for (const listener of listeners) listener();
  });
  await once(ws, "open");

  return {
    ws,
    events,
    errors,
    command<Result>(command: string, params: unknown) {
      const id = ++ref;
      return new Promise<Result>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        ws.send(JSON.stringify({ ref: id, command, params }));
      });
    },
    event(name, satisfies = () => true) {
      const find = () => events.find(({ event, data }) => event === name && satisfies(data))?.data;
      const describe = () => events.map(({ event }) => event).join(", ") || "none";
      return waitFor(find, listeners, () => new Error(`No ${name} was received. Received: ${describe()}`));
    },
    closed,
    async close() {
      ws.close();
      await closed;
    },
  };
}

/** Resolves when `find` finds something, at once or when a listener is called. Rejects after timeoutMs. */
function waitFor<Found>(
  find: () => Found | undefined,
  listeners: Set<() => void>,
  createError: () => Error,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      listeners.delete(look);
      reject(createError());
    }, timeoutMs);
    function look() {
      const found = find();
      if (!found) return;
      clearTimeout(timer);
      listeners.delete(look);
      resolve(found);
    }
    listeners.add(look);
    look();
  });
}
