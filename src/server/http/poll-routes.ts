import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ctx } from "#server/declaration/context.ts";
import type { Connections } from "#server/realtime/sessions/connections.ts";
import { createPolling } from "#server/realtime/transports/long-polling.ts";
import { forwardPolls } from "#server/realtime/transports/poll-forwarding.ts";
import { addEndpoint, type Endpoint } from "./endpoint.ts";

const line = z.string().max(100).describe("the id of the polling session, as the answer to hello gives it");
const anything = z.unknown();

/** The socket's frames over HTTP, as docs/protocol.md describes. The id of a polling session is called `line` there. */
export function addPollEndpoints(app: FastifyInstance, ctx: Ctx, connections: Connections): void {
  const polling = forwardPolls(createPolling(connections, ctx.pubsub?.processId ?? null), ctx);
  const add = (endpoint: Pick<Endpoint, "path" | "summary" | "body" | "answer" | "handle">) =>
    addEndpoint(app, ctx, { method: "POST", access: "public", crossOrigin: true, ...endpoint });

  add({
    path: "/poll/open",
    summary: "Open a polling session where sockets are blocked, with the hello frame of the socket protocol.",
    body: z.looseObject({ ref: z.number(), command: z.literal("hello"), params: anything }),
    answer: z.object({ line: z.string(), result: anything }),
    async handle(_caller, { body, headers, client }, reply) {
      const { id, result } = await polling.open({ headers, ...client }, body, whenClosed(reply));
      return { line: id, result };
    },
  });

  add({
    path: "/poll/send",
    summary: "Send a frame of the socket protocol; send the commands of a session one after the other.",
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
    handle: (_caller, { body }, reply) => polling.events((body as { line: string }).line, whenClosed(reply)),
  });

  // The body is the id alone, of any content type: a page that is being closed can send it without a CORS preflight.
  add({
    path: "/poll/close",
    summary: "End a polling session. The body is its id.",
    body: line,
    handle: (_caller, { body }: FastifyRequest) => polling.close(body as string),
  });
}

/** Aborted when the client closes the request before it is answered. */
function whenClosed({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController();
  raw.once("close", () => closed.abort());
  return closed.signal;
}
