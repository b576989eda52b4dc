import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type HostPage = { body: string; type?: string; headers?: Record<string, string> };

/** Another website, on its own origin. */
export type Host = {
  origin: string;
  /** Serves a page at a path; returns its address. */
  page(path: string, page: HostPage): string;
  close(): void;
};

/** @param name  the host that browsers see: two names are two sites */
export async function startHost(name: "127.0.0.1" | "localhost"): Promise<Host> {
  const pages = new Map<string, HostPage>();
  const server = createServer(({ url = "/" }, response) => {
    const { body, type = "html", headers } = pages.get(url) ?? { body: "" };
    response.writeHead(200, { "content-type": `text/${type}; charset=utf-8`, ...headers }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page(path, page) {
      pages.set(path, page);
      return origin + path;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
