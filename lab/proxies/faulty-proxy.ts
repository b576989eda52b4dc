import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Transform } from "node:stream";

/** What happens to a request: an answer 503, a refusal as of a key without the right, an answer cut in its middle, a request cut in its middle, or a wait before it. */
export type Fault = "503" | "denied" | "cut-answer" | "cut-request" | "slow" | "lost-answer";

export type FaultyProxy = {
  url: string;
  /** Asked for each request. @returns the fault of this one; null: none */
  decide(next: (request: { method: string; path: string; number: number }) => Fault | null): void;
  /** requests so far */
  requests(): number;
  close(): Promise<void>;
};

const slowMs = 300;
const accessDenied =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>';

/** An HTTP proxy before a store, which fails as networks and busy stores do. The host of signed requests stays as it is. */
export async function startFaultyProxy(serverUrl: string): Promise<FaultyProxy> {
  const { port } = new URL(serverUrl);
  let count = 0;
  let decideNext: Parameters<FaultyProxy["decide"]>[0] = () => null;
  const server = createServer(async (near, answer) => {
    const { method = "", headers, url: path = "" } = near;
    const fault = decideNext({ method, path, number: ++count });
    if (fault === "503") {
      near.resume();
      return void answer.writeHead(503, { "content-length": 0, connection: "close" }).end();
    }
    if (fault === "denied") {
      near.resume();
      return void answer.writeHead(403, { "content-type": "application/xml", connection: "close" }).end(accessDenied);
    }
    if (fault === "slow") await new Promise(resolve => setTimeout(resolve, slowMs));
    const far = request({ host: "127.0.0.1", port, method, headers, path }, response => {
      if (fault === "lost-answer") return void response.resume().on("end", () => near.socket.destroy());
      answer.writeHead(response.statusCode!, response.headers);
      const length = Number(response.headers["content-length"] ?? 0);
      if (fault !== "cut-answer") return void response.pipe(answer);
      response.pipe(cutAfter(Math.floor(length / 2), () => near.socket.destroy())).pipe(answer);
    });
    for (const stream of [near, answer, far]) stream.on("error", () => undefined);
    far.on("error", () => near.socket.destroy());
    answer.on("close", () => far.destroy());
    const half = Math.floor(Number(headers["content-length"] ?? 0) / 2);
    if (fault === "cut-request")
      near.pipe(cutAfter(half, () => [far, near.socket].map(one => one.destroy()))).pipe(far);
    else near.pipe(far);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide(next) {
      decideNext = next;
    },
    requests: () => count,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function cutAfter(maxBytes: number, cut: () => void): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      this.push(chunk.subarray(0, Math.max(0, maxBytes - passed)));
      passed += chunk.length;
      // Later, so that what was pushed is sent before.
      if (passed >= maxBytes) setTimeout(cut, 20);
      else done();
    },
  });
}
