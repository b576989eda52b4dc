import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type BlockingProxy = {
  url: string;
  /** number of WebSocket upgrades that it has refused */
  refused(): number;
  closeConnections(): void;
  close(): Promise<void>;
};

/** An HTTP proxy that refuses WebSockets, as the proxies of some companies do. */
export async function startBlockingProxy(serverUrl: string): Promise<BlockingProxy> {
  const { port } = new URL(serverUrl);
  let refused = 0;
  const server = createServer((near, answer) => {
    const { method, headers, url: path } = near;
    const far = request({ host: "127.0.0.1", port, method, headers, path }, response => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    far.on("error", () => answer.destroy());
    answer.on("close", () => far.destroy());
    near.pipe(far);
  });
  server.on("upgrade", (_request, socket) => {
    refused++;
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    closeConnections: () => server.closeAllConnections(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
