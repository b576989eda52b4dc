import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import { connect } from "#database/connect.ts";
import { watchDisk } from "#database/disk-watch.ts";
import { createSharedHealth } from "#database/health/shared.ts";
import type { Config } from "#platform/config.ts";
import { type Log, logOf } from "#platform/log.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import { parseLimits } from "#platform/rate-limit-rules.ts";
import type { Redis } from "#platform/redis/connection.ts";
import { createPubSub } from "#platform/redis/pubsub.ts";
import { createLimits } from "#platform/redis/rate-limits.ts";
import { openTracing } from "#platform/requests/tracing.ts";
import { startOrStop } from "#platform/shutdown.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { programVersion } from "#platform/version.ts";
import { measureVitals, type Vitals } from "#platform/vitals.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import { limits } from "#protocol/limits.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type BroughtBack, publishBroughtBack } from "#server/features/trash/bring-back.ts";
import { registerGauges } from "#server/http/gauges.ts";
import { closeListener, type Listener } from "#server/http/listener.ts";
import { createHttp } from "#server/http/server.ts";
import { cookieNameOf, createAuth } from "#server/identity/auth.ts";
import { createHealthPass } from "#server/identity/health-pass.ts";
import { createKnownBrowsers } from "#server/identity/known-browsers.ts";
import { createPasswords } from "#server/identity/passwords.ts";
import { createVisitorTokens } from "#server/identity/visitor-token.ts";
import { createBus } from "#server/realtime/bus.ts";
import { createPresence } from "#server/realtime/presence/presence.ts";
import { createConnections } from "#server/realtime/sessions/connections.ts";
import { serveSockets } from "#server/realtime/transports/websocket-server.ts";

/** What a process needs to serve, known once the database is ready; the same for all processes. */
export type ServeParams = {
  databaseUrl: string;
  secret: string;
  /** where people open it */
  url: string;
  demoUrl: string | null;
};

export type Serving = {
  /** Closes the sockets of a user whose sessions have ended. */
  recheckUser(userId: string): void;
  /** Publishes what the command line has brought back. */
  publishBroughtBack(what: BroughtBack): void;
  /** The condition of this process since the last time that this was called. */
  vitals(): Promise<Vitals[]>;
  /** What the checks found last, and how long queries took. */
  setHealth(report: HealthReport, queries: HealthQueries): void;
  stop(): Promise<void>;
};

const requestGraceMs = 3_000;

/** Serves the listener's requests in this process. Stopping takes as long as its sockets need to close. */
export async function serve(
  config: Config,
  listener: Listener,
  log: Logger,
  { databaseUrl, secret, url, demoUrl }: ServeParams,
  metrics: Metrics,
): Promise<Serving> {
  return startOrStop(async ({ add, stop }) => {
    const tracing = await openTracing(
      config.traces,
      { version: programVersion, process: metrics.process },
      ({ message }) => log.warn(`Traces were not sent: ${message}`),
    );
    add(() => tracing?.stop());
    const databaseLog = logOf(log, "database", config);
    const connection = connect({
      url: databaseUrl,
      poolSize: config.databasePoolSize,
      onError: ({ message }) => databaseLog.warn(`A database connection broke: ${message}`),
      observe: metrics.queries.watch(databaseLog, config.slowQueryMs),
    });
    add(() => connection.close());
    const vitals = measureVitals(metrics.process, connection.takeVitals, metrics.queries);
    add(() => vitals.stop());
    const database = { db: connection.db, pipelines: connection.pipelines };
    const prefix = config.redisPrefix;
    const redisLog = logOf(log, "redis", config);
    const redis = config.redisUrl === null ? null : await openRedis(config.redisUrl, redisLog);
    const pubsub = redis && createPubSub(redis, { prefix, log: redisLog, missedForMs: 2 * limits.heartbeatMs });
    add(() => pubsub?.close());
    await redis?.tried;
    const bus = createBus(pubsub);
    const presence = createPresence(bus, pubsub);
    add(() => presence.leave());
    const passwords = createPasswords();
    add(() => passwords.close());
    const ctx: Ctx = {
      config,
      log,
      directory: connection.db,
      database: () => database,
      pools: { queries: connection.pool, batches: connection.pipelines },
      bus,
      pubsub,
      disk: watchDisk([connection.pool, connection.pipelines]),
      storage: openStorage(config),
      passwords,
      auth: createAuth({ pool: connection.pool, secret, publicUrl: url, passwords }),
      limits: createLimits(redis && { connection: redis, prefix }, parseLimits(config.limits ?? "")),
      knownBrowsers: createKnownBrowsers(secret, { isSecure: url.startsWith("https:") }),
      metrics,
      tracing,
      health: createSharedHealth(connection.db),
      healthPass: createHealthPass(secret, {
        isSecure: url.startsWith("https:"),
        sessionCookie: cookieNameOf(secret, url),
      }),
      presence,
      visitorTokens: createVisitorTokens(secret),
      setupCode: setupCodeOf(secret),
      url,
      demoUrl,
    };
    const socketCtx = { ...ctx, log: logOf(log, "socket", config) };
    const connections = createConnections(socketCtx);
    registerGauges(ctx, connections);
    const app = await createHttp(ctx, connections);
    await app.ready();
    add(() => app.close());
    const sockets = serveSockets(listener.server, socketCtx, connections);
    add(() => sockets.close());
    add(() => closeListener(listener, sockets.drain, requestGraceMs));
    add(() => connection.hurry());
    await presence.ready();
    listener.open(app.routing);
    return {
      stop,
      recheckUser: userId => bus.publish(`user:${userId}`, "sessions"),
      publishBroughtBack: what =>
        void publishBroughtBack(ctx, what).catch(error =>
          log.warn({ err: error }, "what prochat undo brought back shows at the next heartbeat"),
        ),
      vitals: async () => [await vitals.read()],
      setHealth(report, queries) {
        Object.assign(ctx.health, { last: report, queries });
      },
    };
  });
}

export const setupCodeOf = (secret: string) =>
  createHmac("sha256", secret).update("setup-code").digest("base64url").slice(0, 16);

/** The client is a fifth of all modules of a server: one without Redis does not load it. */
async function openRedis(url: string, log: Log): Promise<Redis> {
  const { connectRedis } = await import("#platform/redis/connection.ts");
  return connectRedis(url, log);
}
