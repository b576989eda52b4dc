import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { createAdmission } from "./admission.ts";
import { createAgentLookups } from "./agent-lookups.ts";
import { closeCodes } from "./close-codes.ts";
import { Connection, type Transport } from "./connection.ts";
import { createCounter } from "./counter.ts";
import { startHeartbeats } from "./heartbeat.ts";
import type { ClientRequest } from "./session.ts";
import { createVisitorLookups } from "./visitor-lookups.ts";

export type Connections = ReturnType<typeof createConnections>;

/** A drain closes connections in slices, with a pause between, so that reconnects do not flood the other servers. */
const slice = { size: 500, pauseMs: 100 };
const drainMs = 10_000;
const pollMs = 20;

/** The connections to this process, over all transports: their shared parts, their number, and their end. */
export function createConnections(ctx: Ctx) {
  const { socketsPerAddress, socketsPerVisitor } = ctx.config;
  const deps = {
    ctx,
    visitorLookups: createVisitorLookups(ctx),
    visitorSockets: createCounter(socketsPerVisitor, () =>
      tooMany(socketsPerVisitor, "of this visitor", "SOCKETS_PER_VISITOR"),
    ),
    agentLookups: createAgentLookups(ctx),
    admission: createAdmission(),
    open: new Set<Connection>(),
  };
  const stopHeartbeats = startHeartbeats(deps.open, ctx.log);
  const byNetwork = createCounter(socketsPerAddress, network =>
    tooMany(socketsPerAddress, `from ${network}`, "SOCKETS_PER_ADDRESS"),
  );
  let isDraining = false;
  const stops = [
    ctx.bus.subscribe("website-access", websiteId => {
      deps.visitorLookups.forgetAccess(websiteId);
      for (const connection of deps.open) void connection.recheckAccess(websiteId);
    }),
    ctx.bus.subscribe("visitor-row", ({ websiteId, externalId }) => {
      for (const connection of deps.open) void connection.findRowAgain(websiteId, externalId);
    }),
  ];

  return {
    /**
     * Counts a client, before any other work for it.
     * @param network  of the client, as limits count it
     * @returns ends the count
     * @throws AppError "rate_limited" beyond SOCKETS_PER_ADDRESS, "unavailable" while the server drains
     */
    enter(network: string): () => void {
      if (isDraining) throw new AppError("unavailable", "The server is stopping. Connect again.");
      return byNetwork.enter(network);
    },

    /** All connections, also those before hello. */
    list: (): Iterable<Connection> => deps.open,
    hellos: () => deps.admission.status(),

    open: (transport: Transport, request: ClientRequest): Connection => new Connection(deps, transport, request),

    /**
     * Accepts no more connections, and closes all with 1012, in slices, each after its commands are answered: clients
     * reconnect to another server.
     * @returns when all are closed; those still open after `withinMs` are terminated
     */
    async drain({ withinMs = drainMs } = {}): Promise<void> {
      isDraining = true;
      const end = Date.now() + withinMs;
      const leaving = [...deps.open];
      for (let first = 0; first < leaving.length; first += slice.size) {
        if (first > 0) await sleep(slice.pauseMs);
        for (const connection of leaving.slice(first, first + slice.size)) {
          void connection.closeGently(closeCodes.restarting, "the server restarts");
        }
      }
      while (deps.open.size > 0 && Date.now() < end) await sleep(pollMs);
      for (const connection of deps.open) connection.terminate("late");
    },

    /** Closes all at once. */
    stop() {
      isDraining = true;
      for (const stop of stops) stop();
      stopHeartbeats();
      for (const connection of deps.open) connection.close(closeCodes.goingAway, "the server stops");
    },
  };
}

const tooMany = (count: number, whose: string, setting: string) =>
  new AppError("rate_limited", `${count} connections ${whose} are already open. Close some, or raise ${setting}.`, {
    details: { retryAfterMs: 10_000 },
  });
