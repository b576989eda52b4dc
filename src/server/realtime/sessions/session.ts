import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Client } from "#platform/client-address.ts";
import { AppError } from "#protocol/errors.ts";
import { HelloFrame } from "#protocol/socket.ts";
import type { Access } from "#server/declaration/access.ts";
import type { Command } from "#server/declaration/command.ts";
import { invalid } from "#server/declaration/error-body.ts";
import { commands } from "#server/features/features.ts";

/** A client's session after its hello: handles its frames and sends its heartbeats. */
export type Session = {
  readonly role: "visitor" | "agent";
  handle(frame: unknown): Promise<unknown>;
  /** Sends the newest numbers; ends the connection if the agent's sign-in session has ended. */
  sendHeartbeat(): Promise<void>;
  /** Ends a visitor's connection that may not use the chat of this website any more. */
  recheckAccess?(websiteId: number): Promise<void>;
  /** A logged-in visitor's row was deleted or brought back: the session may be that of another row from now on. */
  findRowAgain?(websiteId: number, externalId: string): Promise<void>;
  close(): void;
};

export type HelloResult = { session: Session; answer: unknown };

/** How a session reaches its client, over a socket or by long polling. */
export type Outlet = {
  send(event: object): void;
  /** Sends an event that the client may miss; not to one that reads too slowly, which would be terminated for it. */
  sendIfKeepingUp(event: object): void;
  /** Sends the reason as an error that answers no command, then closes. */
  end(reason: unknown): void;
};

/** The request that opened a connection. */
export type ClientRequest = Client & { headers: IncomingHttpHeaders };

const commandsFor = (isFor: (access: Access) => boolean): ReadonlyMap<string, Command> =>
  new Map(
    commands.filter(({ isOnSocket, access }) => isOnSocket && isFor(access)).map(command => [command.name, command]),
  );

export const visitorCommands = commandsFor(access => access === "visitor");
export const agentCommands = commandsFor(access => access !== "visitor" && access !== "public");

const commandNames = new Set(["hello", ...visitorCommands.keys(), ...agentCommands.keys()]);

/** The command that a frame is counted as. Clients may send any text, but metrics need few different values. */
export function commandOf(frame: unknown): string {
  const command = (frame as { command?: unknown } | null)?.command;
  return typeof command === "string" && commandNames.has(command) ? command : "unknown";
}

/** Made once: zod compiles a new schema when it is first used, which takes as long as a message. */
const paramsOf = new Map(commands.map(command => [command, z.object({ params: command.params })]));

/** @throws AppError "invalid_frame" that names the first invalid value */
export const parseHello = (frame: unknown) => parse(HelloFrame, frame).params;

const CommandFrame = z.object({ ref: z.number(), command: z.string(), params: z.unknown() });

/** @throws AppError "invalid_frame" that names the first invalid value */
export function parseCommand(among: ReadonlyMap<string, Command>, frame: unknown) {
  const { command: name, params } = parse(CommandFrame, frame);
  const command = among.get(name);
  if (!command) {
    throw new AppError("invalid_frame", `command: "${name.slice(0, 50)}" is none of ${[...among.keys()].join(", ")}.`);
  }
  return { command, params: parse(paramsOf.get(command)!, { params }).params };
}

function parse<Schema extends z.ZodType>(schema: Schema, frame: unknown): z.output<Schema> {
  const parsed = schema.safeParse(frame);
  if (parsed.success) return parsed.data;
  const { message, details } = invalid(parsed.error.issues);
  throw new AppError("invalid_frame", message, { details });
}
