import type { Transport } from "./transport.ts";

/** Short at first, because the server may only have been busy. */
const firstPauseMs = 20_000;
const maxPauseMs = 300_000;

export type Probe = {
  /** Tries after a pause of random length, and again after longer ones, until a socket opens or stop(). */
  start(): void;
  stop(): void;
};

/**
 * While a client polls, tries from time to time whether a WebSocket opens.
 * @param onOpen  takes over a socket that has opened
 */
export function createProbe(openSocket: () => Transport, onOpen: (socket: Transport) => void): Probe {
  let pauseMs = firstPauseMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: Transport | undefined;

  function start() {
    if (timer || socket) return;
    timer = setTimeout(probe, pauseMs * (0.5 + Math.random()));
    pauseMs = Math.min(maxPauseMs, pauseMs * 4);
  }

  function probe() {
    timer = undefined;
    const mine = openSocket();
    socket = mine;
    mine.onclose = () => {
      release();
      start();
    };
    mine.onopen = () => {
      release();
      pauseMs = firstPauseMs;
      onOpen(mine);
    };
  }

  function release() {
    if (socket) socket.onopen = socket.onclose = null;
    socket = undefined;
  }

  return {
    start,
    stop() {
      clearTimeout(timer);
      timer = undefined;
      const opening = socket;
      release();
      opening?.close();
    },
  };
}
