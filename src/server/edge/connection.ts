import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { HelloFrame, type Reply } from "#protocol/frames.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/core/context.ts";
import { asErrorBody } from "#server/core/errors.ts";
import type { createAdmission } from "./admission.ts";
import { type FindHeads, serveAgent } from "./agent-socket.ts";
import { closeCodes } from "./close-codes.ts";
import type { Heartbeat, Pulse } from "./heartbeat.ts";
import { type Headers, type Line, parseFrame, type Served } from "./line.ts";
import { serveVisitor } from "./visitor-socket.ts";
import type { Visits } from "./visits.ts";

/** What carries frames: a socket, or requests that poll. */
export type Carrier = {
  isOpen(): boolean;
  send(frame: object): void;
  /** What was sent before arrives first. */
  close(code: number, reason: string): void;
  /** Ends it without a word. */
  cut(): void;
  ping(): void;
};

export type Connection = {
  /** Carries out a frame after those before it, and answers it. */
  receive(read: () => unknown, answer: (reply: Reply) => void): void;
  /** It lives. */
  heard(): void;
  close: Carrier["close"];
  cut: Carrier["cut"];
  /** Closes it once the commands that have come are answered. */
  closeGently(code: number, reason: string): Promise<void>;
  /** To be called when the carrier has closed. */
  gone(): void;
};

/** What all connections of a server share. */
export type Shared = {
  ctx: Ctx;
  visits: Visits;
  findHeads: FindHeads;
  admission: ReturnType<typeof createAdmission>;
  heartbeat: Heartbeat;
  /** who is there */
  open: Set<Connection>;
};

/** Frames of one connection in a window: past the first they are refused, past the second it is closed. */
const window = { ms: 10_000, refused: 100, closed: 300 };

const Envelope = z.object({ ref: z.number().int().min(0).max(2_147_483_647) });

/** What a client says and hears, whatever carries it: hello first, then commands, one after another. */
export function createConnection(shared: Shared, carrier: Carrier, asked: Headers): Connection {
  const { ctx, visits, findHeads, admission, heartbeat, open } = shared;
  let headers: Headers | null = asked;
  let served: Served | null = null;
  let work = Promise.resolve();
  let windowStart = Date.now();
  let frames = 0;
  let stopBeating: (() => void) | null = null;
  // A hello that waits for its turn came in time.
  let helloTimer: NodeJS.Timeout | undefined = setTimeout(
    () => work.then(() => served ?? carrier.close(closeCodes.noHello, "no hello")),
    limits.helloMs,
  );

  const line: Line = {
    send: carrier.send,
    end(reason) {
      const error = asErrorBody(reason, ctx.log);
      carrier.send({ ref: null, error } satisfies Reply);
      carrier.close(error.code === "not_signed_in" ? closeCodes.ended : closeCodes.failed, error.code);
    },
  };
  const pulse: Pulse = { ping: carrier.ping, cut: carrier.cut, beat: async () => served?.beat() };

  async function handle(read: () => unknown, flooded: boolean): Promise<Reply> {
    let ref: number | null = null;
    try {
      const frame = read();
      ref = Envelope.safeParse(frame).data?.ref ?? null;
      if (flooded) {
        const retryAfterMs = windowStart + window.ms - Date.now();
        throw new AppError("rate_limited", "Too many frames. Slow down.", { details: { retryAfterMs } });
      }
      return { ref: ref!, result: served ? await served.onFrame(frame) : await greet(frame) };
    } catch (error) {
      return { ref, error: asErrorBody(error, ctx.log) };
    }
  }

  async function greet(frame: unknown) {
    const { params } = parseFrame(HelloFrame, frame);
    const from = headers!;
    served = await admission.admit(carrier.isOpen, () =>
      params.as === "agent" ? serveAgent(ctx, findHeads, line, from) : serveVisitor(ctx, visits, line, params, from),
    );
    if (!carrier.isOpen()) return null; // its end waits for this and then leaves
    // Thousands of idle connections are not to keep what their requests said.
    headers = null;
    clearTimeout(helloTimer);
    helloTimer = undefined;
    stopBeating = heartbeat.add(pulse);
    const { answer } = served;
    served.answer = null;
    return answer;
  }

  const connection: Connection = {
    receive(read, answer) {
      const now = Date.now();
      if (now - windowStart > window.ms) [windowStart, frames] = [now, 0];
      if (++frames > window.closed) return carrier.close(closeCodes.flooded, "too many frames");
      const flooded = frames > window.refused;
      // One after another, in the order they came: a sender's messages keep their order.
      work = work.then(() => handle(read, flooded)).then(answer);
    },
    heard: () => heartbeat.heard(pulse),
    close: carrier.close,
    cut: carrier.cut,
    closeGently: (code, reason) => work.then(() => carrier.close(code, reason)),
    gone() {
      open.delete(connection);
      clearTimeout(helloTimer);
      stopBeating?.();
      void work.then(() => served?.leave());
    },
  };
  open.add(connection);
  return connection;
}
