import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "#protocol/errors.ts";

/** The listening server. Until it is opened it answers `/health`, and everybody else that it is starting. */
export type FrontDoor = { server: Server; port: number; open(handle: RequestListener): void };

/**
 * Takes the port first of all: whether it is free is known before anything else is started, and who watches over the
 * process sees it live through a long migration.
 * @throws AppError "port_unavailable"
 */
export async function listen({ port, host }: { port: number; host: string }): Promise<FrontDoor> {
  let handle: RequestListener = (request, response) => {
    const alive = request.url === "/health";
    const body = alive
      ? { status: "ok" }
      : request.url === "/ready"
        ? { status: "unavailable", reason: "The server is starting; the database is opened and migrated." }
        : { error: { code: "unavailable", message: "The server is starting. Try again in a moment." } };
    response
      .writeHead(alive ? 200 : 503, { "content-type": "application/json", "retry-after": "1" })
      .end(JSON.stringify(body));
  };
  const server = createServer((request, response) => handle(request, response));
  await listenOn(server, { port, host });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    open(next) {
      handle = next;
    },
  };
}

/** @throws AppError "port_unavailable" */
export async function listenOn(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", cause => reject(explain(cause, port, host)));
    server.listen({ port, host }, resolve);
  });
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
