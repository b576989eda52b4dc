import type { Duplex } from "node:stream";
import { type RawData, WebSocket } from "ws";
import { AppError } from "#protocol/errors.ts";
import type { Connection, Transport } from "#server/realtime/sessions/connection.ts";

/** A reader this far behind is terminated; it requests the rest after it has reconnected. */
const maxBufferedBytes = 4 * 1024 * 1024;

/** A socket knows its connection, so that the listeners of all are the same functions. */
export class Socket extends WebSocket {
  connection: Connection | null = null;
}

/** A class for the same reason as Connection. */
export class WebSocketTransport implements Transport {
  private readonly ws: Socket;
  private readonly stream: Duplex;

  /** @param stream  what the socket writes to */
  constructor(ws: Socket, stream: Duplex) {
    this.ws = ws;
    this.stream = stream;
  }

  get kind() {
    return "socket" as const;
  }

  isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  send(frame: object): void {
    if (!this.isOpen()) return;
    if (this.ws.bufferedAmount > maxBufferedBytes) this.ws.connection?.terminate("slow");
    else {
      writeTogether(this.stream);
      this.ws.send(encode(frame), { binary: false });
    }
  }

  isBehind(): boolean {
    return this.ws.bufferedAmount > maxBufferedBytes / 16;
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }

  ping(): void {
    writeTogether(this.stream);
    this.ws.ping();
  }
}

export function attach(ws: Socket, connection: Connection) {
  ws.connection = connection;
  ws.on("message", onMessage);
  ws.on("pong", onPong);
  ws.on("close", onClose);
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
  connectionOf(this).markAlive();
}

function onClose(this: WebSocket) {
  connectionOf(this).onClosed();
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(String(data));
  } catch (cause) {
    throw new AppError("invalid_frame", "The frame is not JSON. Send one JSON object per frame, as text.", { cause });
  }
}

/**
 * Writes the frames of one turn of the event loop with one system call: a batch of messages sends an agent a hundred events
 * at once. It saves a third of the CPU time for two frames, and three quarters for twenty (docs/decisions/0009).
 */
function writeTogether(stream: Duplex) {
  if (stream.writableCorked > 0) return;
  stream.cork();
  if (corked.push(stream) === 1) process.nextTick(uncorkAll);
}

let corked: Duplex[] = [];

function uncorkAll() {
  const streams = corked;
  corked = [];
  for (const stream of streams) stream.uncork();
}

/** An event goes to many sockets, so it is serialised once: 15–25% less CPU time per socket (docs/decisions/0009). */
const encoded = new WeakMap<object, Buffer>();
function encode(frame: object): Buffer {
  const cached = encoded.get(frame);
  if (cached) return cached;
  const bytes = Buffer.from(JSON.stringify(frame));
  encoded.set(frame, bytes);
  return bytes;
}
