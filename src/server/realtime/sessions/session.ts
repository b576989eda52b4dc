import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { AgentFrame, HelloFrame, VisitorFrame } from "#protocol/socket.ts";
import { invalid } from "#server/http/errors.ts";

/** Somebody after their hello: what is done with their frames and heartbeats, and their end. */
export type Served = {
  readonly role: "visitor" | "agent";
  onFrame(frame: unknown): Promise<unknown>;
  /** Sends the newest numbers; ends the line when its reader may not listen any more. */
  beat(): Promise<void>;
  leave(): void;
};

/** What hello comes to. */
export type Greeted = { served: Served; answer: unknown };

/** What somebody who is served is reached by, over a socket or by polling. */
export type Line = {
  send(event: object): void;
  /** Ends the line; the reason is told first, as an error that answers no command. */
  end(reason: unknown): void;
};

/** Of the request that began it. */
export type Headers = IncomingHttpHeaders;

const commands = new Set<unknown>(
  [HelloFrame, ...VisitorFrame.options, ...AgentFrame.options].map(option => option.shape.command.value),
);

/** What to count a frame as: whatever clients may send, these are few. */
export function commandOf(frame: unknown): string {
  const command = (frame as { command?: unknown } | null)?.command;
  return commands.has(command) ? String(command) : "unknown";
}

/** @throws AppError "invalid_frame" naming what will not do */
export function parseFrame<Frame>(schema: z.ZodType<Frame>, frame: unknown): Frame {
  const parsed = schema.safeParse(frame);
  if (parsed.success) return parsed.data;
  const { message, details } = invalid(parsed.error.issues);
  throw new AppError("invalid_frame", message, { details });
}
