import { createLog } from "#platform/log.ts";
import { createMetrics, type Metrics } from "#platform/metrics/metrics.ts";
import { AppError } from "#protocol/errors.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { createMetricsRequests } from "./metrics-requests.ts";
import type { ServerHandle } from "./server-handle.ts";
import { startSingle } from "./single.ts";

// One of several server processes. primary.ts starts it and sends it messages. When the primary ends, node:cluster ends its
// workers.

let server: ServerHandle | null = null;
let metrics: Metrics | null = null;
let isOpened = false;
let isStopping = false;

// Without a callback, a message to a primary that was killed would be an uncaught error; this process ends anyway.
const tell = (message: FromWorker) => void process.send?.(message, undefined, undefined, () => {});
const metricsRequests = createMetricsRequests(tell);

// Messages are handled one after the other, in the order of their arrival.
let work = Promise.resolve();
process.on("message", (message: ToWorker) => {
  if (message.kind === "get-metrics") return void answerMetrics(message.request).catch(fail);
  if (message.kind === "get-vitals") return void answerVitals(message.request).catch(fail);
  if (message.kind === "gathered-metrics") return metricsRequests.onAnswer(message);
  work = work.then(() => handle(message)).catch(fail);
});

// Signals of the terminal go to all processes; the primary handles them.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.on("SIGTERM", () => {
  work = work.then(stop).catch(fail);
});
tell({ kind: "started" });

async function answerMetrics(request: number) {
  tell({ kind: "metrics", request, metrics: (await metrics?.registry.getMetricsAsJSON()) ?? [] });
}

async function answerVitals(request: number) {
  tell({ kind: "vitals", request, vitals: (await server?.vitals()) ?? [] });
}

async function handle(message: ToWorker) {
  switch (message.kind) {
    case "listen":
      metrics = createMetrics(String(message.number), metricsRequests.gather);
      server = await startSingle(message.config, createLog(message.config, message.number), metrics);
      return tell({ kind: "listening" });
    case "open":
      // May arrive before this process listens, and is then sent again; or twice, when it has just begun to listen.
      if (!server || isOpened) return;
      isOpened = true;
      await server.open(message.params);
      return tell({ kind: "serving" });
    case "recheck-user":
      return server?.recheckUser(message.userId);
    case "brought-back":
      return server?.publishBroughtBack(message.what);
    case "set-health":
      return server?.setHealth(message.report, message.queries);
    case "stop":
      return stop();
  }
}

async function stop() {
  if (isStopping) return;
  isStopping = true;
  await server?.stop();
  process.exit(0);
}

function fail(error: unknown) {
  const code = error instanceof AppError ? error.code : null;
  tell({ kind: "failed", code, message: error instanceof Error ? error.message : String(error) });
  setImmediate(() => process.exit(1));
}
