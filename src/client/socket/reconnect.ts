import * as clientLimits from "#protocol/client-limits.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Hello, SocketCommand } from "#protocol/socket.ts";
import { createCalls } from "./calls.ts";
import { LongPolling } from "./long-polling.ts";
import { createProbe, type Probe } from "./probe.ts";
import { type Browser, type Transport, thisBrowser } from "./transport.ts";

/** outdated: the server no longer accepts clients of this version; the page must be reloaded */
export type SocketStatus = "connecting" | "online" | "offline" | "outdated";

export type SocketOptions = {
  url: string;
  browser?: Browser;
  hello: () => Hello | Promise<Hello>;
  onEvent: (event: { event: string; data: unknown }) => void;
  /** After every hello, with its answer. */
  onOnline: (answer: unknown) => void;
  onStatus: (status: SocketStatus) => void;
  /** The server refused hello; true to try again. */
  onRefused: (error: ErrorBody) => boolean | Promise<boolean>;
};

const firstRetryMs = 2_000;
const maxRetryMs = 30_000;
/** After so many WebSockets in a row without a single frame, polling is tried at once. */
const maxSilentSockets = 2;

/**
 * Events after which the network, the page or its reader is back (true) or away (false). pagehide is one of them because
 * an open socket would keep the page out of the browser's back-forward cache.
 */
const pageEvents: Record<string, boolean> = {
  online: true,
  focus: true,
  pageshow: true,
  visibilitychange: true,
  offline: false,
  pagehide: false,
};

/**
 * A socket that reconnects by itself: after a loss, when the network or the reader is back, and when nothing arrived for
 * two heartbeats. Exponential backoff with full jitter, because thousands of clients lose their sockets at once. It polls
 * where WebSockets are blocked and requests are not.
 *
 * `#private` names are shortened in the widget, which must be small.
 */
export class ReconnectingSocket {
  readonly #options: SocketOptions;
  readonly #browser: Browser;
  readonly #calls = createCalls();
  readonly #probe: Probe;
  /** waiting: for the next try; greeting: the transport opens, or hello is not answered yet */
  #state: "waiting" | "greeting" | "online" | "closed" = "waiting";
  #transport: Transport | null = null;
  /** The next transport is long polling. */
  #polls = false;
  /** Something arrived on this transport, or its loss has another reason than a blocked socket. */
  #isAlive = false;
  #silentSockets = 0;
  /** Tries since the last answered hello. */
  #tries = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#browser = options.browser ?? thisBrowser();
    this.#probe = createProbe(
      () => this.#browser.openSocket(options.url),
      socket => this.#moveTo(socket),
    );
    this.#listen("addEventListener");
    this.#connect();
  }

  /** Resolves with the answer. Rejects with an ErrorBody if the server refuses, with null if the socket breaks first. */
  send<Answer>(command: SocketCommand, params: unknown): Promise<Answer> {
    return this.#state === "online" ? this.#call(command, params, clientLimits.replyMs) : Promise.reject(null);
  }

  close(): void {
    if (this.#state !== "closed") this.#end("offline");
  }

  #end(status: SocketStatus) {
    clearTimeout(this.#retryTimer);
    this.#probe.stop();
    this.#listen("removeEventListener");
    this.#state = "closed";
    this.#drop();
    this.#options.onStatus(status);
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    if (this.#state !== "waiting") return;
    if (!this.#tries) this.#options.onStatus("connecting");
    this.#use(this.#polls ? this.#openPolling() : this.#browser.openSocket(this.#options.url));
  }

  #openPolling = () => new LongPolling(this.#options.url, this.#browser.fetch);

  #use(transport: Transport) {
    this.#state = "greeting";
    this.#transport = transport;
    this.#isAlive = false;
    this.#expectFrame(this.#helloTimeoutMs());
    transport.onopen = () => void this.#greet(transport);
    transport.onclose = () => this.#lose();
    transport.onmessage = ({ data }) => {
      this.#isAlive = true;
      this.#expectFrame();
      const frame = JSON.parse(data);
      if (frame.event) this.#options.onEvent(frame);
      else this.#calls.receive(frame);
    };
  }

  async #greet(transport: Transport) {
    this.#expectFrame();
    try {
      const params = await this.#options.hello();
      if (transport !== this.#transport) return;
      const answer = await this.#call("hello", params, this.#helloTimeoutMs());
      this.#tries = 0;
      this.#state = "online";
      if (this.#polls) this.#probe.start();
      this.#options.onStatus("online");
      this.#options.onOnline(answer);
    } catch (thrown) {
      if (transport === this.#transport) await this.#refused(transport, thrown as ErrorBody | null);
    }
  }

  async #refused(transport: Transport, error: ErrorBody | null) {
    // A refusal is an answer: this socket is not blocked.
    if (error) this.#isAlive = true;
    const isOutdated = error?.code === "client_outdated";
    const isFinal = isOutdated || (error && !(await this.#options.onRefused(error)));
    if (transport !== this.#transport) return;
    if (isFinal) return this.#end(isOutdated ? "outdated" : "offline");
    this.#lose((error?.details as { retryAfterMs?: number } | undefined)?.retryAfterMs);
  }

  #call<Answer>(command: SocketCommand, params: unknown, timeoutMs: number): Promise<Answer> {
    const transport = this.#transport!;
    if (transport.readyState !== 1) return Promise.reject(null);
    const onTimeout = () => transport === this.#transport && this.#lose();
    return this.#calls.send(transport, { command, params }, timeoutMs, onTimeout);
  }

  #lose(notBeforeMs = 0) {
    const wasOnline = this.#state === "online";
    if (!this.#polls) this.#silentSockets = this.#isAlive ? 0 : this.#silentSockets + 1;
    // Requests do not get through either: the server is down, or busy, and polling would double its work.
    else if (!wasOnline) this.#silentSockets = 0;
    const fallsBack = !this.#polls && this.#silentSockets >= maxSilentSockets;
    // Polling that worked once is tried again first.
    this.#polls = fallsBack || (this.#polls && wasOnline);
    if (!this.#polls) this.#probe.stop();
    this.#drop();
    if (fallsBack) return this.#use(this.#openPolling());
    this.#state = "waiting";
    this.#options.onStatus("offline");
    const pauseMs = Math.min(maxRetryMs, firstRetryMs * 2 ** this.#tries++);
    this.#retryTimer = setTimeout(() => this.#connect(), notBeforeMs + pauseMs * Math.random());
  }

  #drop() {
    clearTimeout(this.#silenceTimer);
    const transport = this.#transport;
    this.#transport = null;
    if (transport) {
      transport.onopen = transport.onclose = transport.onmessage = null;
      transport.close();
    }
    this.#calls.rejectAll();
  }

  /** A WebSocket has opened while this polls. */
  #moveTo(socket: Transport) {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#polls = false;
    // If it brings nothing, polling is next.
    this.#silentSockets = maxSilentSockets - 1;
    this.#use(socket);
    void this.#greet(socket);
  }

  #expectFrame(withinMs: number = clientLimits.heartbeatMs * 2) {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#lose(), withinMs);
  }

  /** Grows with each try: after an outage answers are late, and an early reconnect only adds load. */
  #helloTimeoutMs = () => clientLimits.replyMs * 2 ** Math.max(0, Math.min(this.#tries - 1, 2));

  #listen(method: "addEventListener" | "removeEventListener") {
    for (const name of Object.keys(pageEvents)) this.#browser.events?.[method](name, this.#onPageEvent);
  }

  #onPageEvent = ({ type }: Event) => {
    if (!pageEvents[type]) {
      // A loss for this reason does not mean that sockets are blocked.
      this.#isAlive = true;
      if (this.#transport) this.#lose();
    } else if (this.#state === "waiting") {
      this.#tries = 0;
      this.#connect();
    }
  };
}
