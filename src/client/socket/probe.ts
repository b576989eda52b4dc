import type { Transport } from "./transport.ts";

/** Soon at first, for the server may just have been busy. */
const firstPauseMs = 20_000;
const maxPauseMs = 300_000;

/** While a client polls, tries now and then whether a WebSocket opens by now. */
export class Probe {
  readonly #openSocket: () => Transport;
  readonly #onOpen: (socket: Transport) => void;
  #pauseMs = firstPauseMs;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #socket: Transport | null = null;

  /** @param onOpen  takes over a socket that has opened */
  constructor(openSocket: () => Transport, onOpen: (socket: Transport) => void) {
    this.#openSocket = openSocket;
    this.#onOpen = onOpen;
  }

  /** Tries after a pause of random length, and again after longer ones, until a socket opens or stop(). */
  start(): void {
    if (this.#timer || this.#socket) return;
    this.#timer = setTimeout(() => this.#try(), this.#pauseMs * (0.5 + Math.random()));
    this.#pauseMs = Math.min(maxPauseMs, this.#pauseMs * 4);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#release();
    socket?.close();
  }

  #try() {
    this.#timer = undefined;
    this.#socket = this.#openSocket();
    this.#socket.onclose = () => {
      this.#release();
      this.start();
    };
    this.#socket.onopen = () => {
      this.#pauseMs = firstPauseMs;
      this.#onOpen(this.#release()!);
    };
  }

  #release(): Transport | null {
    const socket = this.#socket;
    if (socket) socket.onopen = socket.onclose = null;
    this.#socket = null;
    return socket;
  }
}
