import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { HelloFrame, type Reply } from "#protocol/socket.ts";
import type { Ctx } from "#server/context.ts";
import { asErrorBody } from "#server/http/errors.ts";
import type { createAdmission } from "./admission.ts";
import { type FindHeads, serveAgent } from "./agent-session.ts";
import { closeCodes } from "./close-codes.ts";
import type { Pulse } from "./heartbeat.ts";
import { commandOf, type Headers, type Line, parseFrame, type Served } from "./session.ts";
import type { Visits } from "./visitor-lookups.ts";
import { serveVisitor } from "./visitor-session.ts";

/** What carries frames: a socket, or requests that poll. */
export type Carrier = {
  readonly kind: "socket" | "poll";
  isOpen(): boolean;
  send(frame: object): void;
  /** What was sent before arrives first. */
  close(code: number, reason: string): void;
  /** Ends it without a word. */
  cut(): void;
  ping(): void;
};

/** silent: no answer to a heartbeat; slow: reads too little; abandoned: polls no more; late: still there after a drain */
export type CutReason = "silent" | "slow" | "abandoned" | "late";

/** What all connections of a server share. */
export type Shared = {
  ctx: Ctx;
  visits: Visits;
  findHeads: FindHeads;
  admission: ReturnType<typeof createAdmission>;
  /** who is there */
  open: Set<Connection>;
};

/** Frames of one connection in a window: past the first they are refused, past the second it is closed. */
const window = { ms: 10_000, refused: 100, closed: 300 };

const Envelope = z.object({ ref: z.number().int().min(0).max(2_147_483_647) });

/**
 * What a client says and hears, whatever carries it: hello first, then commands, one after another. A class, because
 * tens of thousands are idle at once: functions that close over a connection, one of each for every connection, took
 * half as much memory again as the socket itself (npm run bench -- connections).
 */
export class Connection implements Line, Pulse {
  isSilent = false;
  private readonly shared: Shared;
  private readonly carrier: Carrier;
  private headers: Headers | null;
  private served: Served | null = null;
  private work: Promise<void> = Promise.resolve();
  private windowStart = Date.now();
  private frames = 0;
  private helloTimer: NodeJS.Timeout | null;

  constructor(shared: Shared, carrier: Carrier, headers: Headers) {
    this.shared = shared;
    this.carrier = carrier;
    this.headers = headers;
    // A hello that waits for its turn came in time.
    this.helloTimer = setTimeout(
      () => this.work.then(() => this.served ?? carrier.close(closeCodes.noHello, "no hello")),
      limits.helloMs,
    );
    shared.open.add(this);
  }

  /** Carries out a frame after those before it, and answers it. */
  receive(read: () => unknown, answer: (reply: Reply) => void) {
    const now = Date.now();
    if (now - this.windowStart > window.ms) {
      this.windowStart = now;
      this.frames = 0;
    }
    if (++this.frames > window.closed) return this.close(closeCodes.flooded, "too many frames");
    const isFlooded = this.frames > window.refused;
    // One after another, in the order they came: a sender's messages keep their order.
    this.work = this.work.then(() => this.handle(read, isFlooded)).then(answer);
  }

  /** It lives. */
  heard(): void {
    this.isSilent = false;
  }

  send(frame: object): void {
    this.shared.ctx.metrics.framesSent.count("event" in frame ? String(frame.event) : "answer");
    this.carrier.send(frame);
  }

  end(reason: unknown): void {
    const error = asErrorBody(reason, this.shared.ctx.log);
    this.send({ ref: null, error } satisfies Reply);
    this.close(error.code === "not_signed_in" ? closeCodes.ended : closeCodes.failed, error.code);
  }

  ping(): void {
    this.carrier.ping();
  }

  async beat(): Promise<void> {
    await this.served?.beat();
  }

  close(code: number, reason: string): void {
    this.carrier.close(code, reason);
  }

  /** Ends it without a word. */
  cut(reason: CutReason): void {
    this.shared.ctx.metrics.cuts.count(reason);
    this.carrier.cut();
  }

  /** Closes it once the commands that have come are answered. */
  async closeGently(code: number, reason: string): Promise<void> {
    await this.work;
    this.close(code, reason);
  }

  /** To be called when the carrier has closed. */
  gone(): void {
    this.shared.open.delete(this);
    this.stopWaiting();
    void this.work.then(() => this.served?.leave());
  }

  get carrierKind(): Carrier["kind"] {
    return this.carrier.kind;
  }

  /** unknown before hello */
  get role(): Served["role"] | "unknown" {
    return this.served?.role ?? "unknown";
  }

  private async handle(read: () => unknown, isFlooded: boolean): Promise<Reply> {
    const { log, metrics } = this.shared.ctx;
    let ref: number | null = null;
    let command = "unreadable";
    try {
      const frame = read();
      command = commandOf(frame);
      metrics.framesReceived.count(command);
      ref = Envelope.safeParse(frame).data?.ref ?? null;
      if (isFlooded) {
        const retryAfterMs = this.windowStart + window.ms - Date.now();
        throw new AppError("rate_limited", "Too many frames. Slow down.", { details: { retryAfterMs } });
      }
      return { ref: ref!, result: this.served ? await this.served.onFrame(frame) : await this.greet(frame) };
    } catch (error) {
      const body = asErrorBody(error, log);
      metrics.framesRefused.count(command, body.code);
      return { ref, error: body };
    }
  }

  private async greet(frame: unknown): Promise<unknown> {
    const { params } = parseFrame(HelloFrame, frame);
    const { ctx, findHeads, visits, admission } = this.shared;
    const headers = this.headers!;
    const { served, answer } = await admission.admit(
      () => this.carrier.isOpen(),
      () =>
        params.as === "agent"
          ? serveAgent(ctx, findHeads, this, params, headers)
          : serveVisitor(ctx, visits, this, params, headers),
    );
    this.served = served;
    if (!this.carrier.isOpen()) return null; // its end waits for this and then leaves
    // Thousands of idle connections are not to keep what their requests said.
    this.headers = null;
    this.stopWaiting();
    return answer;
  }

  private stopWaiting() {
    if (this.helloTimer) clearTimeout(this.helloTimer);
    this.helloTimer = null;
  }
}
