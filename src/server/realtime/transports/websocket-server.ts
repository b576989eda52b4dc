import { type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { createClientReader } from "#platform/client-address.ts";
import { AppError, errorStatus } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { asErrorBody, retryAfterSeconds } from "#server/declaration/error-body.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import type { ClientRequest } from "#server/realtime/sessions/session.ts";
import { attach, Socket, WebSocketTransport } from "./websocket.ts";

export const socketPath = "/api/v1/socket";

const closeGraceMs = 500;

export function serveSockets(server: Server, ctx: Ctx, connections: Connections) {
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    WebSocket: Socket,
  });

  const clientOf = createClientReader(ctx.config);

  // One function for all sockets: a closure here would keep each request alive.
  const onError = (error: Error) => ctx.log.debug({ err: error }, "a connection broke");

  server.on("upgrade", (request, stream, head) => {
    // Without a listener, an error on a stream that closes before the upgrade would crash the process.
    stream.on("error", onError);
    try {
      if (request.url?.split("?", 1)[0] !== socketPath) {
        throw new AppError("not_found", `There is no socket at this address. Use ${socketPath}.`);
      }
      const client = clientOf(request);
      stream.on("close", connections.enter(client.network));
      wss.handleUpgrade(request, stream, head, ws => accept(ws, stream, { headers: request.headers, ...client }));
    } catch (error) {
      refuse(stream, asErrorBody(error, ctx.log, "upgrade"));
    }
  });

  function accept(ws: Socket, stream: Duplex, request: ClientRequest) {
    attach(ws, connections.open(new WebSocketTransport(ws, stream), request));
    ws.on("error", onError);
  }

  return {
    /** Closes all connections in slices and accepts no more. @returns when all are closed, after 10 s at most */
    drain: () => connections.drain(),
    close() {
      connections.stop();
      wss.close();
      // A client that does not answer the close is terminated.
      setTimeout(() => {
        for (const ws of wss.clients) ws.terminate();
      }, closeGraceMs).unref();
    },
  };
}

function refuse(stream: Duplex, error: ReturnType<typeof asErrorBody>) {
  const body = JSON.stringify({ error });
  const status = errorStatus[error.code];
  const seconds = retryAfterSeconds(error);
  const retryAfter = seconds === null ? "" : `retry-after: ${seconds}\r\n`;
  stream.once("finish", () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n${retryAfter}` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
