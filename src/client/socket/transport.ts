/** Carries frames: a WebSocket, or long polling in its place. */
export type Transport = {
  /** 1: open; above: closed, as with a WebSocket */
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: (() => void) | null;
};

/** The parts of the browser that a client uses. Tests and the load generator pass one for each person. */
export type Browser = {
  openSocket(url: string): Transport;
  fetch(url: string, init?: RequestInit): Promise<Pick<Response, "ok" | "status" | "json">>;
  /** fires when the network, the page or its reader goes away or comes back; null outside of a page */
  events: EventTarget | null;
};

/** The browser that runs this code. */
export const thisBrowser = (): Browser => ({
  openSocket: url => new WebSocket(url) as Transport,
  fetch: (url, init) => fetch(url, init),
  events: "addEventListener" in globalThis ? (globalThis as unknown as EventTarget) : null,
});
