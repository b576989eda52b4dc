import { findAddressProblem } from "#platform/client-address.ts";
import type { Config } from "#platform/config.ts";
import { createLog } from "#platform/log.ts";
import { createMetrics } from "#platform/metrics/metrics.ts";
import { startOrStop } from "#platform/shutdown.ts";
import { isSetupNeeded } from "#server/features/accounts/queries.ts";
import { prepareDatabase } from "#server/prepare-database.ts";
import { startWorkers } from "#server/processes/primary.ts";
import { startSingle } from "#server/processes/single.ts";
import { createCollector } from "./health/collector.ts";
import { openDemo } from "./http/demo.ts";
import { hostInUrl } from "./http/listener.ts";
import { setupCodeOf } from "./processes/serve.ts";

export type Server = {
  /** its address in people's browsers */
  url: string;
  demoUrl: string | null;
  /** null once the server is set up */
  setupCode: string | null;
  /** resolves when the embedded PostgreSQL has ended; never with DATABASE_URL */
  databaseExited: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts everything, in this order. Stops what was started in the reverse order, also when a step fails.
 * @param signal  aborted to stop before the start has finished: ends a long migration
 * @throws AppError with the next step
 */
export async function startServer(config: Config, signal = new AbortController().signal): Promise<Server> {
  const isSingle = config.processes === 1;
  const log = createLog(config, isSingle ? undefined : "primary");
  const addressProblem = findAddressProblem(config);
  if (addressProblem) log.warn(addressProblem);
  return startOrStop(async ({ add, stop }) => {
    const server = isSingle ? await startSingle(config, log, createMetrics("1")) : await startWorkers(config, log);
    add(() => server.stop());
    const url = config.publicUrl ?? `http://${hostInUrl(config.host)}:${server.port}`;

    const collector = createCollector(config, log, server);
    const database = await prepareDatabase(config, log, {
      signal,
      onSessionsEnded: userId => server.recheckUser(userId),
      registry: server.registry,
      queries: server.queries,
      onBroughtBack: what => server.publishBroughtBack(what),
      tasks: collector.tasks,
    });
    add(() => database.stop());
    const { host, demoPort } = config;
    const demo = demoPort === null ? null : await openDemo(database.db, { port: demoPort, host, chatUrl: url });
    add(() => demo?.close());

    add(() => server.stop());
    const demoUrl = demo?.url ?? null;
    const { url: databaseUrl, db, secret } = database;
    await server.open({ databaseUrl, secret, url, demoUrl });
    collector.start(database.directUrl, url);
    add(() => collector.stop());
    const setupCode = (await isSetupNeeded(db)) ? setupCodeOf(secret) : null;
    return { url, demoUrl, setupCode, databaseExited: database.exited, stop };
  });
}
