import type { Browser, Transport } from "./browser.ts";

type Heard = { line?: string; result?: unknown; events?: unknown[]; error?: { code: string } };

/**
 * What stands for a socket where something on the way lets none through: the same frames in the bodies of requests.
 * Like a socket it is opened once, and closed for good when any request fails.
 * @param url  of the socket
 */
export function openPolling(url: string, fetch: Browser["fetch"]): Transport {
  const gone = new AbortController();
  let line: string | undefined;
  let sending = Promise.resolve();

  const wire = {
    readyState: 1,
    onopen: null as (() => void) | null,
    onmessage: null as ((event: { data: string }) => void) | null,
    onclose: null as (() => void) | null,
    // Requests overtake one another: the next leaves when the one before is answered.
    send(text: string) {
      sending = sending.then(() => tell(JSON.parse(text)));
    },
    // The line would otherwise be held for some seconds; the request outlives the page, and needs no leave to be sent.
    close() {
      const mine = wire.readyState === 1 ? line : null;
      stop();
      if (mine) fetch(addressOf("close"), { method: "POST", body: mine, keepalive: true }).catch(() => {});
    },
  };

  const addressOf = (what: string) => url.replace(/^ws(.*)\/socket/, `http$1/poll/${what}`);

  async function post(what: string, body: unknown): Promise<Heard> {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: gone.signal };
    const heard = (await (await fetch(addressOf(what), init)).json()) as Heard;
    if (heard.error?.code === "line_gone") throw heard;
    return heard;
  }

  async function tell(frame: { ref: number }) {
    if (wire.readyState > 1) return;
    try {
      const { result, error, ...heard } = await (line ? post("send", { line, frame }) : post("open", frame));
      hear(error ? { ref: frame.ref, error } : { ref: frame.ref, result });
      if (!heard.line) return;
      line = heard.line;
      void listen();
    } catch {
      end();
    }
  }

  async function listen() {
    try {
      for (;;) {
        const { events } = await post("events", { line });
        for (const event of events!) hear(event);
      }
    } catch {
      end();
    }
  }

  const hear = (frame: unknown) => wire.onmessage?.({ data: JSON.stringify(frame) });

  function end() {
    if (wire.readyState > 1) return;
    stop();
    wire.onclose?.();
  }

  function stop() {
    wire.readyState = 3;
    gone.abort();
  }

  queueMicrotask(() => wire.onopen?.());
  return wire as unknown as Transport;
}
