import type { Browser, Transport } from "./transport.ts";

type Answer = { line?: string; result?: unknown; events?: unknown[]; error?: { code: string } };

/**
 * Replaces a WebSocket where the network blocks them: the same frames in the bodies of requests. Like a WebSocket it is
 * opened once, and is closed for good when a request fails.
 */
export class LongPolling implements Transport {
  readyState = 1;
  onopen: Transport["onopen"] = null;
  onmessage: Transport["onmessage"] = null;
  onclose: Transport["onclose"] = null;
  readonly #url: string;
  readonly #fetch: Browser["fetch"];
  readonly #abort = new AbortController();
  /** The server's id of this session, which the protocol calls a line. */
  #sessionId: string | undefined;
  #lastSent = Promise.resolve();

  /** @param url  of the socket */
  constructor(url: string, fetch: Browser["fetch"]) {
    this.#url = url.replace(/^ws(.*)\/socket/, "http$1/poll/");
    this.#fetch = fetch;
    queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    // Requests can overtake one another: each is sent after the answer to the one before.
    this.#lastSent = this.#lastSent.then(() => this.#sendFrame(JSON.parse(text)));
  }

  close(): void {
    // Otherwise the server keeps the session for some seconds. The request outlives the page.
    const init = { method: "POST", body: this.#sessionId, keepalive: true };
    if (this.readyState === 1 && this.#sessionId) this.#fetch(`${this.#url}close`, init).catch(() => {});
    this.#stop();
  }

  async #sendFrame(frame: { ref: number }) {
    if (this.readyState > 1) return;
    try {
      const line = this.#sessionId;
      const { result, error, ...answer } = await (line
        ? this.#post("send", { line, frame })
        : this.#post("open", frame));
      this.#receive(error ? { ref: frame.ref, error } : { ref: frame.ref, result });
      if (!answer.line) return;
      this.#sessionId = answer.line;
      void this.#receiveEvents();
    } catch {
      this.#fail();
    }
  }

  async #receiveEvents() {
    try {
      for (;;) {
        const { events } = await this.#post("events", { line: this.#sessionId });
        for (const event of events!) this.#receive(event);
      }
    } catch {
      this.#fail();
    }
  }

  async #post(path: string, body: unknown): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: this.#abort.signal };
    const answer = (await (await this.#fetch(this.#url + path, init)).json()) as Answer;
    if (answer.error?.code === "line_gone") throw answer;
    return answer;
  }

  #receive(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  #fail() {
    if (this.readyState > 1) return;
    this.#stop();
    this.onclose?.();
  }

  #stop() {
    this.readyState = 3;
    this.#abort.abort();
  }
}
