import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "#protocol/errors.ts";

/** The listening server. Until it is opened it answers `/health`; all other requests are answered with 503. */
export type Listener = { server: Server; port: number; open(handle: RequestListener): void };

/** A client that sends slower than this is cut off, and one that reads nothing for `idleMs`: connections are few. */
export const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };
/** More than long polling waits. Sockets have heartbeats instead. */
const idleMs = 60_000;

/**
 * Takes the port before anything else starts: a port in use is reported at once, and a supervisor sees a live process
 * during a long migration.
 * @throws AppError "port_unavailable"
 */
export async function listen({ port, host }: { port: number; host: string }): Promise<Listener> {
  let handle: RequestListener = (request, response) => {
    const alive = request.url === "/health";
    const body = alive
      ? { status: "ok" }
      : request.url === "/ready"
        ? { status: "unavailable", reason: "The server is starting: it waits for its database, or migrates it." }
        : { error: { code: "unavailable", message: "The server is starting. Try again in a moment." } };
    response
      .writeHead(alive ? 200 : 503, { "content-type": "application/json", "retry-after": "1" })
      .end(JSON.stringify(body));
  };
  const server = createServer(timeouts, (request, response) => handle(request, response));
  server.setTimeout(idleMs);
  await listenOn(server, { port, host });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    open(next) {
      handle = next;
    },
  };
}

/**
 * Accepts no more connections and closes those that are open.
 * @param closeSockets  requests that still run `graceMs` after it are terminated
 */
export async function closeListener(
  { server }: Listener,
  closeSockets: () => Promise<unknown>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  await closeSockets();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

/** @throws AppError "port_unavailable" */
export async function listenOn(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", cause => reject(explain(cause, port, host)));
    server.listen({ port, host }, resolve);
  });
}

/** @throws AppError "port_unavailable" when the host is not an address of this machine */
export async function findFreePort({ host }: { host: string }): Promise<number> {
  const { server, port } = await listen({ port: 0, host });
  await new Promise(resolve => server.close(resolve));
  return port;
}

function explain(cause: NodeJS.ErrnoException, port: number, host: string): unknown {
  const what = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. Stop it, or choose another: PORT=8090.`,
    EACCES: `Port ${port} is reserved for the system administrator. Choose one above 1023: PORT=8080.`,
    EADDRNOTAVAIL: `${host} is no address of this machine. HOST is the address to listen on, such as 127.0.0.1 or 0.0.0.0.`,
    ENOTFOUND: `${host} is no address of this machine. HOST is the address to listen on, such as 127.0.0.1 or 0.0.0.0.`,
  }[cause.code ?? ""];
  return what ? new AppError("port_unavailable", what, { cause }) : cause;
}

/** An address as a browser on this machine writes it. */
export function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
