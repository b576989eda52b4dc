import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type OfficeProxy = {
  url: string;
  /** upgrades that were asked for, and refused */
  refused(): number;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
};

/** A proxy that knows requests and no sockets, as some offices have. */
export async function refuseSockets(serverUrl: string): Promise<OfficeProxy> {
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
    cut: () => server.closeAllConnections(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
