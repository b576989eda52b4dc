import type { ErrorBody } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Hello, SocketCommand } from "#protocol/socket.ts";
import { type Browser, type Transport, thisBrowser } from "./browser.ts";
import { openPolling } from "./long-polling.ts";

export type SocketStatus = "connecting" | "online" | "offline";
type Event = { event: string; data: unknown };

export type Socket = {
  /** Resolves with the answer; rejects with an ErrorBody when refused, with null when the socket broke first. */
  send<Answer>(command: SocketCommand, params: unknown): Promise<Answer>;
  close(): void;
};

export type SocketOptions = {
  url: string;
  browser?: Browser;
  hello: () => Hello | Promise<Hello>;
  onEvent: (event: Event) => void;
  /** Said after every hello that was answered, with its answer. */
  onOnline: (answer: unknown) => void;
  onStatus: (status: SocketStatus) => void;
  /** The server refused hello; true to try again. */
  onRefused: (error: ErrorBody) => boolean | Promise<boolean>;
};

const firstRetryMs = 2_000;
const lastRetryMs = 30_000;
/** Sockets in a row on which nothing was ever heard: from then on polling is tried right after. */
const triesBeforePolling = 2;
/** Whoever polls looks whether sockets get through by now: soon at first, for the server may just have been busy. */
const firstProbeMs = 20_000;
const lastProbeMs = 300_000;

/**
 * A socket that comes back by itself: after a loss (with growing pauses of random length, for thousands lose it at
 * once), when the network returns, when the page is looked at again, and when nothing was heard for two heartbeats.
 * Where sockets are blocked and requests are not, it polls.
 */
export function openSocket(options: SocketOptions): Socket {
  const { url, browser = thisBrowser() } = options;
  let wire: Transport | null = null;
  let polls = false;
  let deafSockets = 0;
  let probeMs = firstProbeMs;
  /** Something was heard on the wire at hand. */
  let heard = false;
  let ref = 0;
  let attempt = 0;
  let closed = false;
  let online = false;
  let probe: Transport | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let probeTimer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: ErrorBody | null): void }>();

  function connect() {
    clearTimeout(retryTimer);
    if (closed || wire) return;
    if (!attempt) options.onStatus("connecting");
    use(polls ? openPolling(url, browser.fetch) : browser.openSocket(url));
  }

  function use(mine: Transport) {
    wire = mine;
    heard = false;
    expectSound(patienceMs());
    mine.onopen = () => greet(mine);
    mine.onmessage = ({ data }) => {
      if (wire !== mine) return;
      heard = true;
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

  async function greet(mine: Transport) {
    expectSound();
    try {
      const params = await options.hello();
      if (wire !== mine) return;
      const answer = await send("hello", params);
      attempt = 0;
      online = true;
      if (polls) lookLater();
      options.onStatus("online");
      options.onOnline(answer);
    } catch (thrown) {
      if (wire !== mine) return;
      const error = thrown as ErrorBody | null;
      // Who refuses is not deaf.
      if (error) heard = true;
      if (error && !(await options.onRefused(error))) closed = true;
      lost(mine, (error?.details as { retryAfterMs?: number } | undefined)?.retryAfterMs);
    }
  }

  function lost(which: Transport, notBeforeMs = 0) {
    if (wire !== which) return;
    if (!polls) deafSockets = heard ? 0 : deafSockets + 1;
    // Requests do not get through either: the server is gone, or busy, and polling would double what it has to do.
    else if (!online) deafSockets = 0;
    // Sticks to polling once that has worked.
    const fallsBack = !polls && !closed && deafSockets >= triesBeforePolling;
    polls = fallsBack || (polls && online);
    drop(which);
    if (fallsBack) return use(openPolling(url, browser.fetch));
    options.onStatus("offline");
    if (closed) return;
    const pauseMs = Math.min(lastRetryMs, firstRetryMs * 2 ** attempt++);
    retryTimer = setTimeout(connect, notBeforeMs + pauseMs * Math.random());
  }

  function drop(which: Transport) {
    wire = null;
    online = false;
    clearTimeout(silenceTimer);
    which.onclose = which.onmessage = null;
    which.close();
    for (const caller of waiting.values()) caller.reject(null);
    waiting.clear();
  }

  function expectSound(withinMs: number = limits.heartbeatMs * 2) {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => wire && lost(wire), withinMs);
  }

  function lookLater() {
    probe = null;
    if (probeTimer) return;
    probeTimer = setTimeout(look, probeMs * (0.5 + Math.random()));
    probeMs = Math.min(lastProbeMs, probeMs * 4);
  }

  /** Whoever polls moves to a socket that opens. */
  function look() {
    probeTimer = undefined;
    if (!polls) return;
    const mine = browser.openSocket(url);
    probe = mine;
    mine.onclose = lookLater;
    mine.onopen = () => {
      probe = null;
      clearTimeout(retryTimer);
      if (wire) drop(wire);
      polls = false;
      deafSockets = triesBeforePolling - 1;
      probeMs = firstProbeMs;
      use(mine);
      void greet(mine);
    };
  }

  /** Where everybody comes back at once answers are late, and who gives up and comes again makes them later. */
  const patienceMs = () => limits.replyMs * 2 ** Math.max(0, Math.min(attempt - 1, 2));

  function send<Answer>(command: SocketCommand, params: unknown): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const mine = wire;
      if (mine?.readyState !== 1 || (command !== "hello" && !online)) return reject(null);
      const id = ++ref;
      const timer = setTimeout(() => lost(mine), command === "hello" ? patienceMs() : limits.replyMs);
      const settled = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }));
      settled.finally(() => clearTimeout(timer)).then(resolve, reject);
      mine.send(JSON.stringify({ ref: id, command, params }));
    });
  }

  /** The network or the reader came back: no reason to sit out the pause. */
  function wake() {
    if (wire || closed) return;
    attempt = 0;
    connect();
  }

  /** The network is gone, or the page: that says nothing of sockets. */
  function sleep() {
    heard = true;
    if (wire) lost(wire);
  }

  const page = browser.events;
  const wakeEvents = ["online", "focus", "pageshow", "visibilitychange"];
  // An open socket would keep the page out of the browser's back-forward cache, hence pagehide.
  const sleepEvents = ["offline", "pagehide"];
  for (const name of wakeEvents) page?.addEventListener(name, wake);
  for (const name of sleepEvents) page?.addEventListener(name, sleep);
  connect();

  return {
    send,
    close() {
      closed = true;
      clearTimeout(retryTimer);
      clearTimeout(probeTimer);
      if (probe) probe.onopen = probe.onclose = null;
      probe?.close();
      for (const name of wakeEvents) page?.removeEventListener(name, wake);
      for (const name of sleepEvents) page?.removeEventListener(name, sleep);
      if (wire) lost(wire);
    },
  };
}
