import type { Logger } from "pino";
import type { Config } from "#platform/config.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import { closeListener, listen } from "#server/http/listener.ts";
import { type Serving, serve } from "./serve.ts";
import type { ServerHandle } from "./server-handle.ts";

/**
 * Listens in this process, and serves when it is opened.
 * @throws AppError "port_unavailable"
 */
export async function startSingle(config: Config, log: Logger, metrics: Metrics): Promise<ServerHandle> {
  const listener = await listen(config);
  let serving: Serving = {
    stop: () => closeListener(listener, async () => {}, 0),
    recheckUser() {},
    publishBroughtBack() {},
    vitals: async () => [],
    setHealth() {},
  };
  return {
    port: listener.port,
    registry: metrics.registry,
    queries: metrics.queries,
    async open(params) {
      serving = await serve(config, listener, log, params, metrics);
    },
    vitals: () => serving.vitals(),
    setHealth: (report, queries) => serving.setHealth(report, queries),
    recheckUser: userId => serving.recheckUser(userId),
    publishBroughtBack: what => serving.publishBroughtBack(what),
    stop: () => serving.stop(),
  };
}
