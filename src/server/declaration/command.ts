import { z } from "zod";
import type { Rule } from "#platform/rate-limit-rules.ts";
import type { Availability, User } from "#protocol/agents.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";
import type { Page } from "#protocol/visitors.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import type { Access, Caller } from "./access.ts";
import type { Ctx } from "./context.ts";
import { requireStorableText } from "./storable-text.ts";

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
  /** The pages of this visitor are sent from now on, and of no other one; null: of none. */
  watchVisitor(websiteId: number, visitorId: string | null): void;
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
  /** counted by user or visitor, of public commands by address; absent: as all else of visitors and agents */
  limit?: Rule;
  params?: Params;
  /** Valid params besides those of the path: for the API's description, and for the tests that walk all commands. */
  example?: Record<string, unknown>;
};

/** A command of the product, callable over HTTP, over a socket and by long polling, or some of these. */
export type Command = Declared<Access, z.ZodObject> & {
  params: z.ZodObject;
  http: Http | null;
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

/** Declares a command that needs the request itself: its cookies or address. */
export function defineHttpCommand<
  A extends Access,
  Params extends z.ZodObject = None,
  Answer extends z.ZodType = z.ZodVoid,
>(
  command: Declared<A, Params> & {
    http: Http;
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

/** What the transports, which authenticate, call a command with. @param network  as limits count it; absent: an agent's socket */
type AnyCall = { params: object; network?: string; [other: string]: unknown };

/**
 * Counts and runs a command.
 * @param call  what the declaration's `handle` takes
 * @throws AppError "invalid_request" for a text that cannot be stored, "rate_limited", or what the command throws
 */
export async function callCommand(ctx: Ctx, command: Command, call: AnyCall): Promise<unknown> {
  requireStorableText(call.params);
  const work = async () => command.handle(ctx, call as never);
  if (command.limit === "code") return ctx.limits.guess([["code", call.network!]], work);
  for (const [rule, key] of limitsOf(command, call)) await ctx.limits.take(rule, key);
  return work();
}

/** A visitor's own limit comes first: what it refuses does not count for the others at their address. */
function limitsOf({ access, limit }: Command, call: object): [Rule, string][] {
  const { user, visitor, network } = call as { user?: User; visitor?: VisitorSession; network?: string };
  if (access === "public") return limit ? [[limit, network!]] : [];
  if (!visitor) return [[limit ?? "agentOther", user!.id]];
  const together = limit === "visitorSend" ? "visitorsSend" : "visitorsOther";
  return [
    [limit ?? "visitorOther", visitor.visitorId],
    [together, `${visitor.websiteId} ${network}`],
  ];
}
