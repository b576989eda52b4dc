import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { AppError, errorStatus } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/context.ts";
import { asErrorBody } from "#server/http/errors.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import type { Headers } from "#server/realtime/sessions/session.ts";
import { attach, Socket, SocketCarrier } from "./websocket.ts";

export const socketPath = "/api/v1/socket";

const closeGraceMs = 500;

export function serveSockets(server: Server, ctx: Ctx, connections: Connections) {
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    WebSocket: Socket,
  });

  // One for all, outside of what knows a request: each socket would keep its own.
  const broke = (error: Error) => ctx.log.debug({ err: error }, "a connection broke");

  server.on("upgrade", (request, stream, head) => {
    // Whoever goes away before the socket is one would end the process.
    stream.on("error", broke);
    try {
      if (request.url?.split("?", 1)[0] !== socketPath) {
        throw new AppError("not_found", `The socket's address is ${socketPath}.`);
      }
      stream.on("close", connections.enter(addressOf(request, ctx.config)));
    } catch (error) {
      return refuse(stream, asErrorBody(error, ctx.log));
    }
    wss.handleUpgrade(request, stream, head, ws => accept(ws, stream, request.headers));
  });

  function accept(ws: Socket, stream: Duplex, headers: Headers) {
    attach(ws, connections.open(new SocketCarrier(ws, stream), headers));
    ws.on("error", broke);
  }

  return {
    /** Sends everybody elsewhere, by and by; @returns when all are gone, after 10 s at most. Nobody comes in any more. */
    drain: () => connections.drain(),
    close() {
      connections.stop();
      wss.close();
      // Whoever does not answer the close is cut off.
      setTimeout(() => {
        for (const ws of wss.clients) ws.terminate();
      }, closeGraceMs).unref();
    },
  };
}

/** As Fastify takes it: behind a proxy that is believed, the first address that it names. */
function addressOf({ headers, socket }: IncomingMessage, { trustProxy }: Ctx["config"]): string {
  const named = trustProxy
    ? String(headers["x-forwarded-for"] ?? "")
        .split(",")[0]!
        .trim()
    : "";
  return named || socket.remoteAddress || "unknown";
}

function refuse(stream: Duplex, error: ReturnType<typeof asErrorBody>) {
  const body = JSON.stringify({ error });
  const status = errorStatus[error.code];
  stream.once("finish", () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
