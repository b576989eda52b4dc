import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/context.ts";
import { createAdmission } from "./admission.ts";
import { createHeads } from "./agent-session.ts";
import { closeCodes } from "./close-codes.ts";
import { type Carrier, Connection } from "./connection.ts";
import { beatFor } from "./heartbeat.ts";
import type { Headers } from "./session.ts";
import { createVisits } from "./visitor-lookups.ts";

export type Connections = ReturnType<typeof createConnections>;

/** A drain closes so many at once, then waits: those who leave come to other servers, which are to see no crowd. */
const slice = { size: 500, pauseMs: 100 };
const drainMs = 10_000;
const lookMs = 20;

/** Whoever is connected to this process, over sockets or by polling: what they share, how many, and their end. */
export function createConnections(ctx: Ctx) {
  const shared = {
    ctx,
    visits: createVisits(ctx),
    findHeads: createHeads(ctx),
    admission: createAdmission(),
    open: new Set<Connection>(),
  };
  const stopBeating = beatFor(shared.open, ctx.log);
  const byAddress = new Map<string, number>();
  let draining = false;

  return {
    /**
     * Counts somebody in before anything is done for them.
     * @returns how to count them out
     * @throws AppError "rate_limited" beyond SOCKETS_PER_ADDRESS, "unavailable" while the server drains
     */
    enter(address: string): () => void {
      if (draining) throw new AppError("unavailable", "The server is stopping. Connect again.");
      const count = byAddress.get(address) ?? 0;
      if (count >= ctx.config.socketsPerAddress) throw tooMany(address, count);
      byAddress.set(address, count + 1);
      return () => {
        const left = byAddress.get(address)! - 1;
        if (left > 0) byAddress.set(address, left);
        else byAddress.delete(address);
      };
    },

    /** Whoever is connected, also before hello. */
    list: (): Iterable<Connection> => shared.open,
    hellos: () => shared.admission.status(),

    open: (carrier: Carrier, headers: Headers): Connection => new Connection(shared, carrier, headers),

    /**
     * Lets nobody in any more and sends everybody elsewhere (1012), some at a time and after the commands that they
     * sent are answered.
     * @returns when all are gone; whoever has not left after `withinMs` is cut off
     */
    async drain({ withinMs = drainMs } = {}): Promise<void> {
      draining = true;
      const end = Date.now() + withinMs;
      const leaving = [...shared.open];
      for (let first = 0; first < leaving.length; first += slice.size) {
        if (first > 0) await sleep(slice.pauseMs);
        for (const connection of leaving.slice(first, first + slice.size)) {
          void connection.closeGently(closeCodes.restarting, "the server restarts");
        }
      }
      while (shared.open.size > 0 && Date.now() < end) await sleep(lookMs);
      for (const connection of shared.open) connection.cut("late");
    },

    /** Closes all at once. */
    stop() {
      draining = true;
      stopBeating();
      for (const connection of shared.open) connection.close(closeCodes.goingAway, "the server stops");
    },
  };
}

function tooMany(address: string, count: number) {
  return new AppError(
    "rate_limited",
    `${count} connections from ${address} are open already. Close some, or raise SOCKETS_PER_ADDRESS.`,
    { details: { retryAfterMs: 10_000 } },
  );
}
