import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Ctx } from "#server/context.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import { createPolling } from "./long-polling.ts";
import { reachElsewhere } from "./poll-forwarding.ts";

const line = z.string().max(100).describe("the id that hello was answered with");
const anything = z.unknown();

/** The socket's frames over HTTP; docs/protocol.md tells how they belong together. */
export function pollRoutes(declare: DeclareEndpoint, ctx: Ctx, connections: Connections) {
  const polling = reachElsewhere(createPolling(connections, ctx.relay?.origin ?? null), ctx);

  declare({
    method: "POST",
    path: "/poll/open",
    summary: "Say hello where sockets are blocked: the hello frame of the socket protocol.",
    access: "nobody",
    crossOrigin: true,
    body: z.looseObject({ ref: z.number(), command: z.literal("hello"), params: anything }),
    answer: z.object({ line: z.string(), result: anything }),
    handle: ({ body, request, reply }) => polling.open(request.ip, request.headers, body, abandoning(reply)),
  });

  declare({
    method: "POST",
    path: "/poll/send",
    summary: "Send a frame of the socket protocol; commands of a line are to be sent one after another.",
    access: "nobody",
    crossOrigin: true,
    body: z.object({ line, frame: anything }),
    answer: z.object({ result: anything }),
    handle: ({ body }) => polling.send(body.line, body.frame),
  });

  declare({
    method: "POST",
    path: "/poll/events",
    summary: "Wait up to 25 s for frames of the socket protocol; ask again at once.",
    access: "nobody",
    crossOrigin: true,
    body: z.object({ line }),
    answer: z.object({ events: z.array(anything) }),
    handle: ({ body, reply }) => polling.events(body.line, abandoning(reply)),
  });

  // The line is the whole body, of any type: so a page that is being closed may ask without asking first whether it may.
  declare({
    method: "POST",
    path: "/poll/close",
    summary: "Say goodbye: end a line. The body is its id.",
    access: "nobody",
    crossOrigin: true,
    body: line,
    handle: ({ body }) => polling.close(body),
  });
}

/** Aborted when the client goes away before it is answered. */
function abandoning({ raw }: FastifyReply): AbortSignal {
  const abandoned = new AbortController();
  raw.once("close", () => abandoned.abort());
  return abandoned.signal;
}
