import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { type Command, callCommand, type HttpRequest, type Source } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { shownAddress } from "#server/declaration/page-address.ts";
import { headersOf } from "#server/identity/headers.ts";
import { addEndpoint } from "./endpoint.ts";

/** Adds an endpoint for each command that is called over HTTP. */
export function addCommandEndpoints(app: FastifyInstance, ctx: Ctx, commands: Command[]): void {
  for (const command of commands) if (command.http) addCommandEndpoint(app, ctx, command, command.http);
}

function addCommandEndpoint(app: FastifyInstance, ctx: Ctx, command: Command, http: NonNullable<Command["http"]>) {
  const { inPath, others } = splitParams(command.params, http.path);
  const place = http.method === "GET" ? "query" : "body";
  addEndpoint(app, ctx, {
    ...http,
    summary: command.summary,
    operationId: command.access === "visitor" ? `visitor.${command.name}` : command.name,
    access: command.access,
    params: inPath,
    [place]: others,
    answer: command.answer,
    async handle(caller, request, reply) {
      // Only what a schema has validated, and the path last: the caller was authenticated for the website in the path.
      const params = { ...(others && (request[place] as object)), ...(inPath && (request.params as object)) };
      const source = sourceOf(request);
      const { network } = request.client;
      return callCommand(ctx, command, { ...caller, params, source, network, request: httpRequest(request, reply) });
    },
  });
}

/** The params that the path names, and the others; undefined if there are none. */
function splitParams(params: z.ZodObject, path: string) {
  const named = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name!));
  const pick = (wanted: boolean) => {
    const names = Object.keys(params.shape).filter(name => named.has(name) === wanted);
    return names.length
      ? params.pick(Object.fromEntries(names.map(name => [name, true])) as Record<string, true>)
      : undefined;
  };
  return { inPath: pick(true), others: pick(false) };
}

const httpRequest = (request: FastifyRequest, reply: FastifyReply): HttpRequest => ({
  network: request.client.network,
  headers: headersOf(request),
  setHeader: (name, value) => void reply.header(name, value),
});

const sourceOf = ({ client, headers }: FastifyRequest): Source => ({
  ip: client.address,
  // Over a socket the page's address is named with the setting of its website known.
  pageUrl: headers.referer ? shownAddress(headers.referer.slice(0, 2000), false) : null,
  pageTitle: null,
  userAgent: headers["user-agent"]?.slice(0, 500) ?? null,
  language: headers["accept-language"]?.split(",")[0]?.slice(0, 35) ?? null,
});
