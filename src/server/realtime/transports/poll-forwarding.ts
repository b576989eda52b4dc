import type { PubSub } from "#platform/redis/pubsub.ts";
import { AppError, type ErrorBody } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { asErrorBody } from "#server/declaration/error-body.ts";
import { type Polling, processOf, sessionEnded } from "./long-polling.ts";

type Request = { kind: "send"; id: string; frame: unknown } | { kind: "events" | "close"; id: string };

/** What processes send to each other. `ref` is the number of a request at the process that forwards it. */
type ForwardingMessage = { ref: number } & (
  | { kind: "request"; request: Request }
  /** the client has closed its request */
  | { kind: "abandoned" }
  /** the process that has the session works on the request */
  | { kind: "accepted" }
  | { kind: "result"; result: unknown }
  | { kind: "error"; error: ErrorBody }
);

type Waiting = { accepted(): void; resolve(result: unknown): void; reject(error: unknown): void };

/** A process that has not accepted a request by then has died, or cannot be reached. */
const acceptMs = 2_000;
/** What an answer takes beyond the wait for events, or the work on a command. */
const graceMs = 5_000;

/**
 * Forwards the requests of a polling session to the process that has it, over Redis. A browser has several connections,
 * and each may be handed to another process.
 * @param local  this process's sessions
 */
export const forwardPolls = (local: Polling, { pubsub, log }: Pick<Ctx, "pubsub" | "log">): Polling =>
  pubsub ? new ForwardingPolling(local, pubsub, log) : local;

class ForwardingPolling implements Polling {
  readonly open: Polling["open"];
  private readonly local: Polling;
  private readonly pubsub: PubSub;
  private readonly log: Ctx["log"];
  /** requests that were forwarded and have no answer yet */
  private readonly waiting = new Map<number, Waiting>();
  /** requests of other processes that run here */
  private readonly running = new Map<string, AbortController>();
  private lastRef = 0;

  constructor(local: Polling, pubsub: PubSub, log: Ctx["log"]) {
    this.local = local;
    this.pubsub = pubsub;
    this.log = log;
    this.open = local.open;
    pubsub.subscribe(channelOf(pubsub.processId), (text, from) => this.handle(from, JSON.parse(text)));
  }

  send(id: string, frame: unknown): Promise<{ result: unknown }> {
    return this.isLocal(id) ? this.local.send(id, frame) : this.forward({ kind: "send", id, frame });
  }

  events(id: string, abandoned: AbortSignal): Promise<{ events: object[] }> {
    return this.isLocal(id) ? this.local.events(id, abandoned) : this.forward({ kind: "events", id }, abandoned);
  }

  async close(id: string): Promise<void> {
    if (this.isLocal(id)) await this.local.close(id);
    else await this.forward({ kind: "close", id });
  }

  private isLocal(id: string): boolean {
    return processOf(id) === this.pubsub.processId;
  }

  private publish(processId: string, message: ForwardingMessage) {
    this.pubsub.publish(channelOf(processId), JSON.stringify(message));
  }

  private handle(from: string, message: ForwardingMessage) {
    const waiting = this.waiting.get(message.ref);
    switch (message.kind) {
      case "request":
        return void this.answer(from, message.ref, message.request);
      case "abandoned":
        return this.running.get(`${from} ${message.ref}`)?.abort();
      case "accepted":
        return waiting?.accepted();
      case "result":
        return waiting?.resolve(message.result);
      case "error": {
        const { code, details } = message.error;
        return waiting?.reject(new AppError(code, message.error.message, { details }));
      }
    }
  }

  private async answer(from: string, ref: number, request: Request) {
    const abandoned = new AbortController();
    this.running.set(`${from} ${ref}`, abandoned);
    this.publish(from, { ref, kind: "accepted" });
    try {
      const result = (await this.run(request, abandoned.signal)) ?? null;
      this.publish(from, { ref, kind: "result", result });
    } catch (error) {
      const body = asErrorBody(error, this.log, `poll ${request.kind}`);
      this.publish(from, { ref, kind: "error", error: body });
    } finally {
      this.running.delete(`${from} ${ref}`);
    }
  }

  private run(request: Request, abandoned: AbortSignal) {
    if (request.kind === "send") return this.local.send(request.id, request.frame);
    return request.kind === "events" ? this.local.events(request.id, abandoned) : this.local.close(request.id);
  }

  /** @throws AppError "line_gone" when no process has the session, or it cannot be reached */
  private async forward<Result>(request: Request, abandoned?: AbortSignal): Promise<Result> {
    const processId = processOf(request.id);
    if (!processId || this.pubsub.status().problem !== null) throw sessionEnded();
    const ref = ++this.lastRef;
    const abandon = () => this.publish(processId, { ref, kind: "abandoned" });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const expectWithin = (ms: number) => {
          clearTimeout(timer);
          timer = setTimeout(() => reject(sessionEnded()), ms);
        };
        const accepted = () => expectWithin(limits.pollMs + graceMs);
        this.waiting.set(ref, { accepted, resolve: resolve as () => void, reject });
        expectWithin(acceptMs);
        abandoned?.addEventListener("abort", abandon);
        this.publish(processId, { ref, kind: "request", request });
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(ref);
      abandoned?.removeEventListener("abort", abandon);
    }
  }
}

const channelOf = (processId: string) => `poll:${processId}`;
