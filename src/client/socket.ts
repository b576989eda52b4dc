import type { ErrorBody } from "#protocol/errors.ts";
import type { Frame } from "#protocol/frames.ts";
import { limits } from "#protocol/limits.ts";

export type SocketStatus = "connecting" | "online" | "offline";
type Event = { event: string; data: unknown };
type Params<Command extends Frame["command"]> = Extract<Frame, { command: Command }>["params"];

export type Socket = {
  /** Resolves with the answer; rejects with an ErrorBody when refused, with null when the socket broke first. */
  send<Answer>(command: Frame["command"], params: unknown): Promise<Answer>;
  close(): void;
};

export type SocketOptions = {
  url: string;
  hello: () => Params<"hello"> | Promise<Params<"hello">>;
  onEvent: (event: Event) => void;
  /** Said after every hello that was answered, with its answer. */
  onOnline: (answer: unknown) => void;
  onStatus: (status: SocketStatus) => void;
  /** The server refused hello; true to try again. */
  onRefused: (error: ErrorBody) => boolean | Promise<boolean>;
};

const firstRetryMs = 500;
const lastRetryMs = 30_000;

/**
 * A socket that comes back by itself: after a loss (with growing, jittered pauses), when the network returns, when
 * the page is looked at again, and when nothing was heard for two heartbeats.
 */
export function openSocket(options: SocketOptions): Socket {
  let ws: WebSocket | null = null;
  let ref = 0;
  let attempt = 0;
  let closed = false;
  let online = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: ErrorBody | null): void }>();

  function connect() {
    clearTimeout(retryTimer);
    if (closed || ws) return;
    if (!attempt) options.onStatus("connecting");
    const mine = new WebSocket(options.url);
    ws = mine;
    expectSound();
    mine.onopen = async () => {
      try {
        const params = await options.hello();
        if (ws !== mine) return;
        const answer = await send("hello", params);
        attempt = 0;
        online = true;
        options.onStatus("online");
        options.onOnline(answer);
      } catch (error) {
        if (ws !== mine) return;
        if (error && !(await options.onRefused(error as ErrorBody))) closed = true;
        lost(mine);
      }
    };
    mine.onmessage = ({ data }) => {
      if (ws !== mine) return;
      expectSound();
      const frame = JSON.parse(data);
      if (frame.event) return options.onEvent(frame);
      const caller = waiting.get(frame.ref);
      waiting.delete(frame.ref);
      if (frame.error) caller?.reject(frame.error);
      else caller?.resolve(frame.result as never);
    };
    mine.onclose = () => lost(mine);
  }

  function lost(which: WebSocket) {
    if (ws !== which) return;
    ws = null;
    online = false;
    clearTimeout(silenceTimer);
    which.onclose = which.onmessage = null;
    which.close();
    for (const caller of waiting.values()) caller.reject(null);
    waiting.clear();
    options.onStatus("offline");
    if (closed) return;
    const pauseMs = Math.min(lastRetryMs, firstRetryMs * 2 ** attempt++);
    retryTimer = setTimeout(connect, pauseMs * (0.5 + Math.random() / 2));
  }

  function expectSound() {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => ws && lost(ws), limits.heartbeatMs * 2);
  }

  function send<Answer>(command: Frame["command"], params: unknown): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const mine = ws;
      if (mine?.readyState !== 1 || (command !== "hello" && !online)) return reject(null);
      const id = ++ref;
      const timer = setTimeout(() => lost(mine), limits.replyMs);
      const settled = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }));
      settled.finally(() => clearTimeout(timer)).then(resolve, reject);
      mine.send(JSON.stringify({ ref: id, command, params }));
    });
  }

  /** The network or the reader came back: no reason to sit out the pause. */
  function wake() {
    if (ws || closed) return;
    attempt = 0;
    connect();
  }

  // There is a page to listen to in browsers only.
  const page = "addEventListener" in globalThis ? (globalThis as unknown as EventTarget) : null;
  const wakeEvents = ["online", "focus", "pageshow", "visibilitychange"];
  // An open socket would keep the page out of the browser's back-forward cache, hence pagehide.
  const sleepEvents = ["offline", "pagehide"];
  const sleep = () => ws && lost(ws);
  for (const name of wakeEvents) page?.addEventListener(name, wake);
  for (const name of sleepEvents) page?.addEventListener(name, sleep);
  connect();

  return {
    send,
    close() {
      closed = true;
      clearTimeout(retryTimer);
      for (const name of wakeEvents) page?.removeEventListener(name, wake);
      for (const name of sleepEvents) page?.removeEventListener(name, sleep);
      if (ws) lost(ws);
    },
  };
}
