/** As much of a WebSocket as our clients use. */
export type Transport = Pick<WebSocket, "readyState" | "send" | "close" | "onopen" | "onmessage" | "onclose">;

/** What a client needs of the browser that it runs in. Tests and load bring one for each person. */
export type Browser = {
  openSocket(url: string): Transport;
  fetch(url: string, init?: RequestInit): Promise<Pick<Response, "ok" | "status" | "json">>;
  /** fires when the network, the page or its reader goes away or comes back; null outside of a page */
  events: EventTarget | null;
};

/** The one around this code. */
export const thisBrowser = (): Browser => ({
  openSocket: url => new WebSocket(url),
  fetch: (url, init) => fetch(url, init),
  events: "addEventListener" in globalThis ? (globalThis as unknown as EventTarget) : null,
});
