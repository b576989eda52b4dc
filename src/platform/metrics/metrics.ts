import { AggregatorRegistry, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { fastCounter } from "./gauges.ts";
import { QueryTimes } from "./query-times.ts";

/** The metrics of this process, for `GET /metrics`. docs/metrics.md says what each one means. */
export type Metrics = ReturnType<typeof createMetrics>;

/** The values of one process, as processes send them to each other. */
export type ProcessMetrics = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** Batches hold up to 200 messages; a commit takes from one to some hundred milliseconds. */
const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200];
const batchSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
/** Long-polling requests wait 25 s for events. */
const requestSeconds = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30];

/**
 * @param process  names it among the processes on the port
 * @param gather   the text for all processes on the port; absent: this process is the only one
 */
export function createMetrics(process: string, gather?: () => Promise<string>) {
  const registry = createRegistry(process);
  return {
    process,
    registry,
    text: gather ?? (() => registry.metrics()),
    ...createCounters(registry),
    ...createTimings(registry),
    queries: new QueryTimes(process, registry),
  };
}

const createCounters = (registry: Registry) => ({
  framesReceived: fastCounter(registry, {
    name: "prochat_frames_received_total",
    help: "Commands of clients, over WebSocket and long polling",
    labelNames: ["command"],
  }),
  framesRefused: fastCounter(registry, {
    name: "prochat_frames_refused_total",
    help: "Commands answered with an error, by its code",
    labelNames: ["command", "code"],
  }),
  framesSent: fastCounter(registry, {
    name: "prochat_frames_sent_total",
    help: "Frames sent to clients: events, and answers to commands",
    labelNames: ["event"],
  }),
  messages: fastCounter(registry, {
    name: "prochat_messages_total",
    help: "Messages committed, or found committed when they were sent again",
    labelNames: ["author", "outcome"],
  }),
  terminations: fastCounter(registry, {
    name: "prochat_connections_terminated_total",
    help: "Connections that the server terminated, by reason",
    labelNames: ["reason"],
  }),
});

function createTimings(registry: Registry) {
  const registers = [registry];
  return {
    sendsWaiting: new Gauge({ name: "prochat_sends_waiting", help: "Messages waiting to be committed", registers }),
    batchSize: new Histogram({
      name: "prochat_batch_messages",
      help: "Messages per batch",
      buckets: batchSizes,
      registers,
    }),
    batchSeconds: new Histogram({
      name: "prochat_batch_seconds",
      help: "Time to write a batch, with its commit",
      buckets: batchSeconds,
      registers,
    }),
    requestSeconds: new Histogram({
      name: "prochat_http_request_seconds",
      help: "Time until a request was answered",
      labelNames: ["method", "route", "status"],
      buckets: requestSeconds,
      registers,
    }),
  };
}

/** A registry with Node's own values; each value has the label `process`. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The text for several processes. Values are not summed: a sum would fall when a process restarts. */
export const mergeMetrics = (processes: ProcessMetrics[]): Promise<string> =>
  AggregatorRegistry.aggregate(
    // The label `process` makes all values different. "first" keeps each one.
    processes.map(metrics => metrics.map(metric => ({ ...metric, aggregator: "first" as const }))),
  ).metrics();
