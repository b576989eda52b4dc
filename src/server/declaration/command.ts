import { z } from "zod";
import type { Rule } from "#platform/redis/rate-limits.ts";
import type { Availability } from "#protocol/agents.ts";
import type { AuditAction } from "#protocol/audit.ts";
import type { Page } from "#protocol/visitors.ts";
import type { Access, Caller } from "./access.ts";
import type { Ctx } from "./context.ts";
import { refuseNul } from "./refuse-nul.ts";

/** Where a call comes from, according to its client; for a visitor's details and the audit log. */
export type Source = {
  ip: string | null;
  userAgent: string | null;
  language: string | null;
  pageUrl: string | null;
  pageTitle: string | null;
};

/** The request of a command that is called over HTTP. */
export type HttpRequest = {
  /** of the client, as limits count it */
  network: string;
  headers: Headers;
  setHeader(name: string, value: string | string[]): void;
};

/** The connection of a command that is called over a socket or by long polling. */
export type AgentConnection = {
  setAvailability(availability: Exclude<Availability, "offline">): void;
  /** @throws AppError "not_found" */
  getVisitorOf(websiteId: number, conversationId: string): Promise<string>;
};
export type VisitorConnection = {
  moveTo(page: Page): Promise<void>;
  /** @throws AppError "not_found" when the conversation is another visitor's */
  requireOwn(conversationId: string): Promise<void>;
};

type Call<A extends Access, Params> = Caller<A> & { params: Params; source: Source };

type Http = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below /api/v1. It holds the params that it names; the others are in the query (GET) or the body. */
  path: string;
  /** The widget calls it from the pages of other websites; without this, changes are for our own pages only. */
  crossOrigin?: true;
};

type Declared<A extends Access, Params extends z.ZodObject> = {
  /** noun.verb, as on the socket; unique for an audience */
  name: string;
  summary: string;
  access: A;
  /** what it records in the audit log when it changes something */
  audit?: AuditAction[];
  /** counted by user or visitor */
  limit?: Rule;
  params?: Params;
  /** Valid params besides those of the path: for the API's description, and for the tests that walk all commands. */
  example?: Record<string, unknown>;
};

/** A command of the product, callable over HTTP, over a socket and by long polling, or some of these. */
export type Command = Declared<Access, z.ZodObject> & {
  params: z.ZodObject;
  http: (Http & { limit?: Rule }) | null;
  isOnSocket: boolean;
  /** absent: no answer */
  answer?: z.ZodType;
  handle(ctx: Ctx, call: never): unknown;
};

const none = z.object({});
type None = typeof none;

/** Declares a command that HTTP and sockets share: one access, limit, schema and implementation. */
export function defineCommand<
  A extends Access,
  Params extends z.ZodObject = None,
  Answer extends z.ZodType = z.ZodVoid,
>(
  command: Declared<A, Params> & {
    http: Http;
    socket?: boolean;
    answer?: Answer;
    handle(ctx: Ctx, call: Call<A, z.output<Params>>): Promise<z.input<Answer>> | z.input<Answer>;
  },
): Command {
  const { params = none, socket = false, ...rest } = command;
  return { ...rest, params, isOnSocket: socket } as Command;
}

/** Declares a command that needs the request itself: its cookies or address. @param limit  counted by address */
export function defineHttpCommand<
  A extends Access,
  Params extends z.ZodObject = None,
  Answer extends z.ZodType = z.ZodVoid,
>(
  command: Omit<Declared<A, Params>, "limit"> & {
    http: Http & { limit?: Rule };
    answer?: Answer;
    handle(
      ctx: Ctx,
      call: Call<A, z.output<Params>> & { request: HttpRequest },
    ): Promise<z.input<Answer>> | z.input<Answer>;
  },
): Command {
  return { params: none, ...command, isOnSocket: false } as unknown as Command;
}

type ConnectionOf<A extends "agent" | "user" | "visitor"> = A extends "visitor" ? VisitorConnection : AgentConnection;

/** Declares a command about the connection itself, which has no meaning over HTTP. */
export function defineSocketCommand<A extends "agent" | "user" | "visitor", Params extends z.ZodObject>(
  command: Declared<A, Params> & {
    handle(ctx: Ctx, call: Call<A, z.output<Params>> & { connection: ConnectionOf<A> }): Promise<void> | void;
  },
): Command {
  return { ...command, http: null, isOnSocket: true } as Command;
}

/** What the transports, which authenticate, call a command with. */
type AnyCall = { params: object; [other: string]: unknown };

/**
 * Counts and runs a command.
 * @param call  what the declaration's `handle` takes
 * @throws AppError "invalid_request" for a text with NUL, "rate_limited", or what the command throws
 */
export async function callCommand(ctx: Ctx, command: Command, call: AnyCall): Promise<unknown> {
  refuseNul(call.params);
  if (command.limit) await ctx.limits.take(command.limit, callerId(call));
  return command.handle(ctx, call as never);
}

/** Limits are counted by visitor or by user. */
function callerId(call: object): string {
  const { user, visitor } = call as { user?: { id: string }; visitor?: { visitorId: string } };
  return visitor?.visitorId ?? user!.id;
}
