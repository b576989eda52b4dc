import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ctx } from "#server/declaration/context.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import { createPolling } from "#server/realtime/transports/long-polling.ts";
import { reachElsewhere } from "#server/realtime/transports/poll-forwarding.ts";
import { addEndpoint, type Endpoint } from "./endpoint.ts";

const line = z.string().max(100).describe("the id that hello was answered with");
const anything = z.unknown();

/** The socket's frames over HTTP; docs/protocol.md says how they belong together. */
export function addPollEndpoints(app: FastifyInstance, ctx: Ctx, connections: Connections): void {
  const polling = reachElsewhere(createPolling(connections, ctx.pubsub?.processId ?? null), ctx);
  const add = (endpoint: Pick<Endpoint, "path" | "summary" | "body" | "answer" | "handle">) =>
    addEndpoint(app, ctx, { method: "POST", access: "public", crossOrigin: true, ...endpoint });

  add({
    path: "/poll/open",
    summary: "Say hello where sockets are blocked: the hello frame of the socket protocol.",
    body: z.looseObject({ ref: z.number(), command: z.literal("hello"), params: anything }),
    answer: z.object({ line: z.string(), result: anything }),
    handle: (_caller, { body, headers, ip }, reply) => polling.open({ headers, address: ip }, body, whenGone(reply)),
  });

  add({
    path: "/poll/send",
    summary: "Send a frame of the socket protocol; send the commands of a session one after another.",
    body: z.object({ line, frame: anything }),
    answer: z.object({ result: anything }),
    handle(_caller, request) {
      const { line, frame } = request.body as { line: string; frame: unknown };
      return polling.send(line, frame);
    },
  });

  add({
    path: "/poll/events",
    summary: "Wait up to 25 s for frames of the socket protocol; ask again at once.",
    body: z.object({ line }),
    answer: z.object({ events: z.array(anything) }),
    handle: (_caller, { body }, reply) => polling.events((body as { line: string }).line, whenGone(reply)),
  });

  // The id is the whole body, of any type: a page that is being closed may then ask without a CORS preflight.
  add({
    path: "/poll/close",
    summary: "Say goodbye: end a polling session. The body is its id.",
    body: line,
    handle: (_caller, { body }: FastifyRequest) => polling.close(body as string),
  });
}

/** Aborted when the client goes away before it is answered. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  return gone.signal;
}
