import { createLog } from "#platform/log.ts";
import { createMetrics, type Metrics } from "#platform/metrics/metrics.ts";
import { AppError } from "#protocol/errors.ts";
import { createMetricsQuestions } from "./ask-metrics.ts";
import type { Front } from "./front.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { takePort } from "./single.ts";

// One of several server processes, started and told what to do by primary.ts. When that one is gone, so is this:
// node:cluster ends a worker whose first process has ended.

let front: Front | null = null;
let metrics: Metrics | null = null;
let isOpened = false;
let isStopping = false;

// Without a callback, a message to a first process that was killed would be an uncaught error; this process ends anyway.
const tell = (message: FromWorker) => void process.send?.(message, undefined, undefined, () => {});
const metricsQuestions = createMetricsQuestions(tell);

// One after another, as they come.
let work = Promise.resolve();
process.on("message", (message: ToWorker) => {
  if (message.kind === "tell-metrics") return void tellMetrics(message.ask).catch(fail);
  if (message.kind === "all-metrics") return metricsQuestions.hear(message);
  work = work.then(() => obey(message)).catch(fail);
});

// The terminal's go to all processes; the first one decides.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.on("SIGTERM", () => {
  work = work.then(stop).catch(fail);
});
tell({ kind: "started" });

async function tellMetrics(ask: number) {
  tell({ kind: "metrics", ask, metrics: (await metrics?.registry.getMetricsAsJSON()) ?? [] });
}

async function obey(message: ToWorker) {
  switch (message.kind) {
    case "take-port":
      metrics = createMetrics(String(message.number), metricsQuestions.ask);
      front = await takePort(message.config, createLog(message.config, message.number), metrics);
      return tell({ kind: "listening" });
    case "open":
      // Before it listens it is told again; just when it listens it may be told twice.
      if (!front || isOpened) return;
      isOpened = true;
      await front.open(message.opened);
      return tell({ kind: "serving" });
    case "stop":
      return stop();
  }
}

async function stop() {
  if (isStopping) return;
  isStopping = true;
  await front?.stop();
  process.exit(0);
}

function fail(error: unknown) {
  const code = error instanceof AppError ? error.code : null;
  tell({ kind: "failed", code, message: error instanceof Error ? error.message : String(error) });
  setImmediate(() => process.exit(1));
}
