import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createBatcher } from "#database/batcher.ts";
import { connect } from "#database/connect.ts";
import { migrate } from "#database/migrate.ts";
import { makePartitionsAhead } from "#database/month-partitions.ts";
import { openDatabase } from "#database/open-database.ts";
import { createAuth } from "#server/core/auth.ts";
import { createBus } from "#server/core/bus.ts";
import type { Config } from "#server/core/config.ts";
import type { Ctx } from "#server/core/context.ts";
import { startJobs } from "#server/core/jobs.ts";
import { createLimits } from "#server/core/limits.ts";
import { createLog } from "#server/core/log.ts";
import { createPresence } from "#server/core/presence.ts";
import { createVisitorTokens } from "#server/core/visitor-token.ts";
import { createDemo } from "#server/edge/demo.ts";
import { type FrontDoor, listen, listenOn } from "#server/edge/front-door.ts";
import { createHttp } from "#server/edge/http.ts";
import { serveSockets } from "#server/edge/sockets.ts";
import { isSetupNeeded } from "#server/features/accounts/queries.ts";
import { writeBatch } from "#server/features/messages/write.ts";

export type Server = {
  /** where people open it */
  url: string;
  demoUrl: string | null;
  /** null once it is set up */
  setupCode: string | null;
  /** resolves when the embedded PostgreSQL has ended; never with DATABASE_URL */
  databaseExited: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts everything, in this order; stops what was started, in the reverse order, also when a step fails.
 * @param signal  aborted when it is to stop before it has started: ends a migration that takes long
 * @throws AppError that says what to do
 */
export async function startServer(config: Config, signal = new AbortController().signal): Promise<Server> {
  const log = createLog(config);
  const stops: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const door = await listen(config);
    stops.push(() => close(door));

    const database = await openDatabase({ ...config, log });
    stops.push(() => database.stop());
    await migrate(database.url, { log, signal });
    const connection = connect({
      url: database.url,
      poolSize: config.databasePoolSize,
      onError: ({ message }) => log.warn(`A database connection broke: ${message}`),
    });
    stops.push(() => connection.close());
    await makePartitionsAhead(connection.pool);
    const jobs = await startJobs(database.url, connection.db, log);
    stops.push(() => jobs.stop());

    const url = config.publicUrl ?? `http://${hostInUrl(config.host)}:${door.port}`;
    const bus = createBus();
    const ctx: Ctx = {
      config,
      log,
      ...connection,
      bus,
      auth: createAuth(connection.pool, database.secret, url),
      limits: createLimits(),
      presence: createPresence(bus),
      visitorTokens: createVisitorTokens(database.secret),
      write: createBatcher(drafts => writeBatch(connection.pipelines, drafts)),
      setupCode: createHmac("sha256", database.secret).update("setup-code").digest("base64url").slice(0, 16),
      demoUrl: null,
    };
    if (config.demoPort !== null) {
      const demo = createDemo(connection.db, () => url);
      await listenOn(demo, { port: config.demoPort, host: config.host });
      stops.push(() => demo.close());
      ctx.demoUrl = `http://${hostInUrl(config.host)}:${(demo.address() as AddressInfo).port}`;
    }

    const app = await createHttp(ctx);
    await app.ready();
    stops.push(() => app.close());
    const sockets = serveSockets(door.server, ctx);
    stops.push(() => sockets.close());
    door.open(app.routing);

    const setupCode = (await isSetupNeeded(connection.db)) ? ctx.setupCode : null;
    return { url, demoUrl: ctx.demoUrl, setupCode, databaseExited: database.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An address as a browser on this machine writes it. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

const close = ({ server }: FrontDoor) =>
  new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
