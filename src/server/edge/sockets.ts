import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { AppError, errorStatus } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/core/context.ts";
import { asErrorBody } from "#server/core/errors.ts";
import type { Carrier, Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Headers } from "./line.ts";

export const socketPath = "/api/v1/socket";

/** A reader this far behind is cut off; it asks for the rest when it is back. */
const mostBufferedBytes = 4 * 1024 * 1024;
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
    wss.handleUpgrade(request, stream, head, ws => accept(ws, request.headers));
  });

  function accept(ws: Socket, headers: Headers) {
    ws.connection = connections.open(new SocketCarrier(ws), headers);
    ws.on("message", onMessage);
    ws.on("pong", onPong);
    ws.on("close", onClose);
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

/** A socket knows its connection, so that the listeners of all are the same functions. */
class Socket extends WebSocket {
  connection: Connection | null = null;
}

/** A class for the same reason as Connection. */
class SocketCarrier implements Carrier {
  private readonly ws: Socket;

  constructor(ws: Socket) {
    this.ws = ws;
  }

  isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  send(frame: object): void {
    if (!this.isOpen()) return;
    if (this.ws.bufferedAmount > mostBufferedBytes) this.ws.terminate();
    else this.ws.send(encode(frame), { binary: false });
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  cut(): void {
    this.ws.terminate();
  }

  ping(): void {
    this.ws.ping();
  }
}

const connectionOf = (ws: WebSocket) => (ws as Socket).connection!;

function onMessage(this: WebSocket, data: RawData) {
  const connection = connectionOf(this);
  connection.receive(
    () => parse(data),
    reply => connection.send(reply),
  );
}

function onPong(this: WebSocket) {
  connectionOf(this).heard();
}

function onClose(this: WebSocket) {
  connectionOf(this).gone();
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

function parse(data: RawData): unknown {
  try {
    return JSON.parse(String(data));
  } catch (cause) {
    throw new AppError("invalid_frame", "The frame is no JSON. Send one JSON object a frame, as text.", { cause });
  }
}

/**
 * An event goes to many sockets: it is put into words and bytes once. A socket costs 15% less so
 * (npm run bench -- fan-out).
 */
const encoded = new WeakMap<object, Buffer>();
function encode(frame: object): Buffer {
  const known = encoded.get(frame);
  if (known) return known;
  const bytes = Buffer.from(JSON.stringify(frame));
  encoded.set(frame, bytes);
  return bytes;
}
