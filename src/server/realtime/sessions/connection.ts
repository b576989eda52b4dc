import { z } from "zod";
import { currentContext, inRequest, inSpan, newRequestId, type Span } from "#platform/requests/request-context.ts";
import { AppError, errorStatus } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Reply } from "#protocol/socket.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { asErrorBody } from "#server/declaration/error-body.ts";
import type { createAdmission } from "./admission.ts";
import type { AgentLookups } from "./agent-lookups.ts";
import { openAgentSession } from "./agent-session.ts";
import { closeCodes } from "./close-codes.ts";
import type { Counter } from "./counter.ts";
import type { HeartbeatTarget } from "./heartbeat.ts";
import { outletFor } from "./protocol.ts";
import { type ClientRequest, commandOf, type Outlet, parseHello, type Session } from "./session.ts";
import type { VisitorLookups } from "./visitor-lookups.ts";
import { openVisitorSession } from "./visitor-session.ts";

/** Carries frames: a WebSocket, or long polling. */
export type Transport = {
  readonly kind: "socket" | "poll";
  isOpen(): boolean;
  send(frame: object): void;
  /** True if the client reads so slowly that a part of what may wait for it does. */
  isBehind(): boolean;
  /** Frames sent before the close arrive first. */
  close(code: number, reason: string): void;
  /** Ends it at once, without a closing handshake. */
  terminate(): void;
  ping(): void;
};

/** silent: no answer to a heartbeat; slow: reads too little; abandoned: stopped polling; late: still open after a drain */
export type TerminateReason = "silent" | "slow" | "abandoned" | "late";

/** What all connections of a process share. */
export type ConnectionDeps = {
  ctx: Ctx;
  visitorLookups: VisitorLookups;
  visitorSockets: Counter;
  agentLookups: AgentLookups;
  admission: ReturnType<typeof createAdmission>;
  open: Set<Connection>;
};

/** Frames of one connection within `ms`: above `refused` they are refused, above `closed` the connection is closed. */
const window = { ms: 10_000, refused: 100, closed: 300 };

/** A refused hello may be tried again on the same connection, but for these: it would hold a place of its address in vain. */
const endsHello: ReadonlySet<string> = new Set(["origin_not_allowed", "rate_limited"]);

const Envelope = z.object({ ref: z.number().int().min(0).max(2_147_483_647) });

/**
 * A client's connection, over any transport: hello first, then commands, one after the other. A class, because tens of
 * thousands are idle at once: closures added 50% to a socket's memory (npm run bench -- connections).
 */
export class Connection implements Outlet, HeartbeatTarget {
  isSilent = false;
  private readonly deps: ConnectionDeps;
  private readonly transport: Transport;
  /** null after hello: tens of thousands of idle connections must not keep their requests */
  private request: ClientRequest | null;
  private session: Session | null = null;
  private work: Promise<void> = Promise.resolve();
  private windowStart = Date.now();
  private frames = 0;
  private helloTimer: NodeJS.Timeout | null;
  /** The message that the current command sends or changes: this connection gets the answer and no event. */
  private ownMessageId: string | null = null;

  constructor(deps: ConnectionDeps, transport: Transport, request: ClientRequest) {
    this.deps = deps;
    this.transport = transport;
    this.request = request;
    // A hello that waits for admission arrived in time.
    this.helloTimer = setTimeout(
      () => this.work.then(() => this.session ?? transport.close(closeCodes.noHello, "no hello")),
      limits.helloMs,
    );
    deps.open.add(this);
  }

  /** Handles a frame after the earlier ones, and answers it. */
  receive(read: () => unknown, answer: (reply: Reply) => void) {
    const now = Date.now();
    if (now - this.windowStart > window.ms) {
      this.windowStart = now;
      this.frames = 0;
    }
    if (++this.frames > window.closed) return this.close(closeCodes.flooded, "too many frames");
    const isFlooded = this.frames > window.refused;
    // One after the other, in the order of their arrival: a sender's messages keep their order.
    this.work = this.work.then(() => this.handle(read, isFlooded)).then(answer);
  }

  /** Something arrived from the client. */
  markAlive(): void {
    this.isSilent = false;
  }

  send(frame: object): void {
    if (this.ownMessageId !== null && messageIdOf(frame) === this.ownMessageId) return;
    this.deps.ctx.metrics.framesSent.count("event" in frame ? String(frame.event) : "answer");
    this.transport.send(frame);
  }

  sendIfKeepingUp(frame: object): void {
    if (!this.transport.isBehind()) this.send(frame);
  }

  end(reason: unknown): void {
    const error = asErrorBody(reason, this.deps.ctx.log, "session");
    this.send({ ref: null, error } satisfies Reply);
    const hasEnded = error.code === "not_signed_in" || error.code === "session_expired";
    this.close(hasEnded ? closeCodes.ended : closeCodes.failed, error.code);
  }

  ping(): void {
    this.transport.ping();
  }

  async sendHeartbeat(): Promise<void> {
    await this.session?.sendHeartbeat();
  }

  async recheckAccess(websiteId: number): Promise<void> {
    await this.session?.recheckAccess?.(websiteId);
  }

  async findRowAgain(websiteId: number, externalId: string): Promise<void> {
    await this.session?.findRowAgain?.(websiteId, externalId);
  }

  close(code: number, reason: string): void {
    this.transport.close(code, reason);
  }

  /** Ends it at once, without a closing handshake. */
  terminate(reason: TerminateReason): void {
    this.deps.ctx.metrics.terminations.count(reason);
    this.transport.terminate();
  }

  /** Closes it after all commands that have arrived are answered. */
  async closeGently(code: number, reason: string): Promise<void> {
    await this.work;
    this.close(code, reason);
  }

  /** To be called when the transport has closed. */
  onClosed(): void {
    this.deps.open.delete(this);
    this.stopWaiting();
    void this.work.then(() => this.session?.close());
  }

  get transportKind(): Transport["kind"] {
    return this.transport.kind;
  }

  /** unknown before hello */
  get role(): Session["role"] | "unknown" {
    return this.session?.role ?? "unknown";
  }

  /** A frame of a socket is a request of its own; one of long polling belongs to its HTTP request. */
  private handle(read: () => unknown, isFlooded: boolean): Promise<Reply> {
    return inRequest(currentContext().request ?? newRequestId(), () => this.handleFrame(read, isFlooded));
  }

  private async handleFrame(read: () => unknown, isFlooded: boolean): Promise<Reply> {
    const { log, metrics } = this.deps.ctx;
    let ref: number | null = null;
    let command = "unreadable";
    let span: Span | null = null;
    try {
      const frame = read();
      command = commandOf(frame);
      metrics.framesReceived.count(command);
      ref = Envelope.safeParse(frame).data?.ref ?? null;
      if (isFlooded) {
        const retryAfterMs = this.windowStart + window.ms - Date.now();
        throw new AppError("rate_limited", "Too many frames. Slow down.", { details: { retryAfterMs } });
      }
      this.ownMessageId = ownMessageIdOf(frame);
      const handle = () => (this.session ? this.session.handle(frame) : this.greet(frame));
      span = this.startSpan(command);
      const result = await (span ? inSpan(span, handle) : handle());
      span?.end(false);
      return { ref: ref!, result: result ?? null };
    } catch (error) {
      const body = asErrorBody(error, log, command);
      span?.end(errorStatus[body.code] >= 500);
      metrics.framesRefused.count(command, body.code);
      if (!this.session && endsHello.has(body.code))
        void this.work.then(() => this.close(closeCodes.failed, body.code));
      return { ref, error: body };
    } finally {
      this.ownMessageId = null;
    }
  }

  /** null: nothing is traced. A frame of long polling belongs to its HTTP request. */
  private startSpan(command: string): Span | null {
    const { tracing } = this.deps.ctx;
    if (tracing === null) return null;
    const { request, span } = currentContext();
    const attributes = { "prochat.transport": this.transport.kind, "prochat.request_id": request! };
    return (span ?? tracing).start(command, "server", attributes);
  }

  private async greet(frame: unknown): Promise<unknown> {
    const params = parseHello(frame);
    const { ctx, agentLookups, visitorLookups: lookups, visitorSockets: sockets, admission } = this.deps;
    const request = this.request!;
    const outlet = outletFor(this, params.protocol);
    const { session, answer } = await admission.admit(
      () => this.transport.isOpen(),
      () =>
        params.as === "agent"
          ? openAgentSession(ctx, agentLookups, outlet, params, request)
          : openVisitorSession(ctx, { lookups, sockets }, outlet, params, request),
    );
    this.session = session;
    if (!this.transport.isOpen()) return null; // onClosed() waits for this, and closes the session
    this.request = null;
    this.stopWaiting();
    return answer;
  }

  private stopWaiting() {
    if (this.helloTimer) clearTimeout(this.helloTimer);
    this.helloTimer = null;
  }
}

/** Of a command about a message. It is not validated yet. */
function ownMessageIdOf(frame: unknown): string | null {
  const id = (frame as { params?: { id?: unknown } } | null)?.params?.id;
  return typeof id === "string" ? id.toLowerCase() : null;
}

/** Of an event about a message. */
const messageIdOf = (frame: object) =>
  "event" in frame && (frame as { data?: { message?: { id: string } } }).data?.message?.id;
