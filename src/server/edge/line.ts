import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { invalid } from "#server/core/errors.ts";

/** A socket after its hello: what it does with frames, heartbeats, and its end. */
export type Served = {
  answer: unknown;
  onFrame(frame: unknown): Promise<unknown>;
  /** Sends the newest numbers; ends the socket when its reader may not listen any more. */
  beat(): Promise<void>;
  leave(): void;
};

/** What a served socket may do. */
export type Line = {
  send(event: object): void;
  /** Ends the socket; the reason is told first, as an error that answers no command. */
  end(reason: unknown): void;
  request: IncomingMessage;
};

/** @throws AppError "invalid_frame" naming what will not do */
export function parseFrame<Frame>(schema: z.ZodType<Frame>, frame: unknown): Frame {
  const parsed = schema.safeParse(frame);
  if (parsed.success) return parsed.data;
  const { message, details } = invalid(parsed.error.issues);
  throw new AppError("invalid_frame", message, { details });
}
