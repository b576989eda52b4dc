import type { PubSub } from "#platform/redis/pubsub.ts";
import { AppError, type ErrorBody } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { asErrorBody } from "#server/declaration/error-body.ts";
import { gone, type Polling } from "./long-polling.ts";

type Request = { of: "send"; line: string; frame: unknown } | { of: "events" | "close"; line: string };
type Told = { ref: number } & (
  | { kind: "ask"; request: Request }
  /** the client that asked has gone */
  | { kind: "abandon" }
  /** the asked process lives, and works on it */
  | { kind: "heard" }
  | { kind: "answer"; result: unknown }
  | { kind: "refusal"; error: ErrorBody }
);
type Waiting = { heard(): void; resolve(result: unknown): void; reject(error: unknown): void };

/** A process that has not heard by then has died, or cannot be reached. */
const heardMs = 2_000;
/** What an answer takes beyond the wait for events, or the work on a command. */
const graceMs = 5_000;

/**
 * Lets the requests of a line come to any process of a server: a browser has several connections, and each was handed to
 * a process of its own. One that does not hold the line asks the one that does, over the pubsub.
 * @param here  this process's lines, whose ids begin with its name
 */
export function reachElsewhere(here: Polling, { pubsub, log }: Pick<Ctx, "pubsub" | "log">): Polling {
  if (!pubsub) return here;
  const { processId } = pubsub;
  const waiting = new Map<number, Waiting>();
  /** what other processes ask, until it is answered */
  const asked = new Map<string, AbortController>();
  let ref = 0;
  const tell = (process: string, told: Told) => pubsub.publish(channelOf(process), JSON.stringify(told));
  pubsub.subscribe(channelOf(processId), (line, from) => hear(from, JSON.parse(line)));

  function hear(from: string, told: Told) {
    switch (told.kind) {
      case "ask":
        return void answer(from, told.ref, told.request);
      case "abandon":
        return asked.get(`${from} ${told.ref}`)?.abort();
      case "heard":
        return waiting.get(told.ref)?.heard();
      case "answer":
        return waiting.get(told.ref)?.resolve(told.result);
      case "refusal": {
        const { code, message, details } = told.error;
        return waiting.get(told.ref)?.reject(new AppError(code, message, { details }));
      }
    }
  }

  async function answer(from: string, ref: number, request: Request) {
    const abandoned = new AbortController();
    asked.set(`${from} ${ref}`, abandoned);
    tell(from, { ref, kind: "heard" });
    try {
      const result = (await carryOut(request, abandoned.signal)) ?? null;
      tell(from, { ref, kind: "answer", result });
    } catch (error) {
      tell(from, { ref, kind: "refusal", error: asErrorBody(error, log, `poll ${request.of}`) });
    } finally {
      asked.delete(`${from} ${ref}`);
    }
  }

  function carryOut(request: Request, abandoned: AbortSignal) {
    if (request.of === "send") return here.send(request.line, request.frame);
    return request.of === "events" ? here.events(request.line, abandoned) : here.close(request.line);
  }

  /** Asks the line's process. @throws AppError "line_gone" when there is none, or no way to it */
  async function ask<Result>(request: Request, abandoned?: AbortSignal): Promise<Result> {
    const holder = holderOf(request.line);
    if (!holder || pubsub!.status().problem !== null) throw gone();
    const mine = ++ref;
    const abandon = () => tell(holder, { ref: mine, kind: "abandon" });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const within = (ms: number) => {
          clearTimeout(timer);
          timer = setTimeout(() => reject(gone()), ms);
        };
        waiting.set(mine, { heard: () => within(limits.pollMs + graceMs), resolve: resolve as () => void, reject });
        within(heardMs);
        abandoned?.addEventListener("abort", abandon);
        tell(holder, { ref: mine, kind: "ask", request });
      });
    } finally {
      clearTimeout(timer);
      waiting.delete(mine);
      abandoned?.removeEventListener("abort", abandon);
    }
  }

  const isHere = (line: string) => holderOf(line) === processId;
  return {
    open: here.open,
    send: (line, frame) => (isHere(line) ? here.send(line, frame) : ask({ of: "send", line, frame })),
    events: (line, abandoned) => (isHere(line) ? here.events(line, abandoned) : ask({ of: "events", line }, abandoned)),
    close: async line => void (isHere(line) ? await here.close(line) : await ask({ of: "close", line })),
  };
}

const channelOf = (process: string) => `poll:${process}`;

/** A line's id is its process's name, a dot, and what nobody guesses. */
const holderOf = (line: string): PubSub["processId"] | null => /^([\w-]+)\./.exec(line)?.[1] ?? null;
