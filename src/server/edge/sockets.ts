import type { IncomingMessage, Server } from "node:http";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { HelloFrame, type Reply } from "#protocol/frames.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/core/context.ts";
import { asErrorBody } from "#server/core/errors.ts";
import { serveAgent } from "./agent-socket.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { type Line, parseFrame, type Served } from "./line.ts";
import { serveVisitor } from "./visitor-socket.ts";

export const socketPath = "/api/v1/socket";

/** Close codes, as docs/protocol.md lists them. */
const closeCodes = { goingAway: 1001, flooded: 1008, failed: 1011, ended: 4401, noHello: 4408 } as const;

/** Frames of one socket in a window: past the first they are refused, past the second the socket is closed. */
const window = { ms: 10_000, refused: 100, closed: 300 };
/** A reader this far behind is cut off; it asks for the rest when it is back. */
const mostBufferedBytes = 4 * 1024 * 1024;

const closeGraceMs = 500;

const Envelope = z.object({ ref: z.number().int().min(0).max(2_147_483_647) });

export function serveSockets(server: Server, ctx: Ctx) {
  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes, perMessageDeflate: false });
  const heartbeat = createHeartbeat(ctx.log);

  server.on("upgrade", (request, stream, head) => {
    if (new URL(request.url ?? "/", "http://host").pathname !== socketPath) {
      return stream.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }
    wss.handleUpgrade(request, stream, head, ws => accept(ws, request));
  });

  function accept(ws: WebSocket, request: IncomingMessage) {
    let served: Served | null = null;
    let work = Promise.resolve();
    let windowStart = Date.now();
    let frames = 0;
    const helloTimer = setTimeout(() => ws.close(closeCodes.noHello, "no hello"), limits.helloMs);

    const line: Line = {
      request,
      send(event) {
        if (ws.readyState !== WebSocket.OPEN) return;
        if (ws.bufferedAmount > mostBufferedBytes) return ws.terminate();
        ws.send(encode(event));
      },
      end(reason) {
        const error = asErrorBody(reason, ctx.log);
        reply({ ref: null, error });
        ws.close(error.code === "not_signed_in" ? closeCodes.ended : closeCodes.failed, error.code);
      },
    };
    const reply = (frame: Reply) => line.send(frame);

    // One after another, in the order they came: a sender's messages keep their order.
    ws.on("message", data => {
      const now = Date.now();
      if (now - windowStart > window.ms) [windowStart, frames] = [now, 0];
      if (++frames > window.closed) return ws.close(closeCodes.flooded, "too many frames");
      const flooded = frames > window.refused;
      work = work.then(() => handle(data, flooded));
    });
    ws.on("close", () => {
      clearTimeout(helloTimer);
      heartbeat.remove(ws);
      void work.then(() => served?.leave());
    });
    ws.on("error", error => ctx.log.debug({ err: error }, "a socket broke"));

    async function handle(data: RawData, flooded: boolean) {
      let ref: number | null = null;
      try {
        const frame = parse(data);
        ref = Envelope.safeParse(frame).data?.ref ?? null;
        if (flooded) {
          const retryAfterMs = windowStart + window.ms - Date.now();
          throw new AppError("rate_limited", "Too many frames. Slow down.", { details: { retryAfterMs } });
        }
        reply({ ref: ref!, result: served ? await served.onFrame(frame) : await greet(frame) });
      } catch (error) {
        reply({ ref, error: asErrorBody(error, ctx.log) });
      }
    }

    async function greet(frame: unknown) {
      const { params } = parseFrame(HelloFrame, frame);
      served = params.as === "agent" ? await serveAgent(ctx, line) : await serveVisitor(ctx, line, params);
      if (ws.readyState !== WebSocket.OPEN) return null; // its close waits for this and then leaves
      clearTimeout(helloTimer);
      heartbeat.add(ws, served.beat);
      return served.answer;
    }
  }

  return {
    close() {
      heartbeat.stop();
      for (const ws of wss.clients) ws.close(closeCodes.goingAway, "the server stops");
      wss.close();
      // Whoever does not answer the close is cut off.
      setTimeout(() => {
        for (const ws of wss.clients) ws.terminate();
      }, closeGraceMs).unref();
    },
  };
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(String(data));
  } catch (cause) {
    throw new AppError("invalid_frame", "The frame is no JSON. Send one JSON object a frame, as text.", { cause });
  }
}

/** An event goes to many sockets: it is put into words once. */
const encoded = new WeakMap<object, string>();
function encode(event: object): string {
  const known = encoded.get(event);
  if (known) return known;
  const text = JSON.stringify(event);
  encoded.set(event, text);
  return text;
}
