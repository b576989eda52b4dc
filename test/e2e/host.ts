import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type HostPage = { html: string; css?: string; headers?: Record<string, string> };

/** Somebody else's website, on a host of its own: any path is one page of it, and /style.css its style. */
export type Host = { origin: string; shows(page: HostPage): void; close(): void };

export async function startHost(): Promise<Host> {
  let shown: HostPage = { html: "" };
  const server = createServer(({ url }, response) => {
    const [type, body] = url === "/style.css" ? ["css", shown.css] : ["html", shown.html];
    response.writeHead(200, { "content-type": `text/${type}; charset=utf-8`, ...shown.headers }).end(body);
  }).listen(0, "localhost");
  await once(server, "listening");
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    shows(page) {
      shown = page;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
