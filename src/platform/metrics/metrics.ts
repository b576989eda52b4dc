import { AggregatorRegistry, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { tally } from "./gauges.ts";

/** What happens in this process, for `GET /metrics`; docs/metrics.md says what each is good for. */
export type Metrics = ReturnType<typeof createMetrics>;

/** What one process has to tell, as it goes from process to process. */
export type ProcessMetrics = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** Sends come by the hundred a batch, and a commit takes from one to some hundred milliseconds. */
const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200];
const batchSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
/** Requests for events wait 25 s by intent. */
const requestSeconds = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30];

/**
 * @param process  names it among those on the port
 * @param gather   the text for all processes on the port; absent: this one is alone
 */
export function createMetrics(process: string, gather?: () => Promise<string>) {
  const registry = createRegistry(process);
  const registers = [registry];
  return {
    registry,
    text: gather ?? (() => registry.metrics()),
    framesReceived: tally(registry, {
      name: "prochat_frames_received_total",
      help: "Commands of clients, over sockets and polling",
      labelNames: ["command"],
    }),
    framesRefused: tally(registry, {
      name: "prochat_frames_refused_total",
      help: "Commands answered with an error, by its code",
      labelNames: ["command", "code"],
    }),
    framesSent: tally(registry, {
      name: "prochat_frames_sent_total",
      help: "Frames told to clients, answers to commands among them",
      labelNames: ["event"],
    }),
    messages: tally(registry, {
      name: "prochat_messages_total",
      help: "Messages committed, or known as committed when they were sent again",
      labelNames: ["author", "outcome"],
    }),
    terminations: tally(registry, {
      name: "prochat_connections_cut_total",
      help: "Connections that the server ended, by why",
      labelNames: ["reason"],
    }),
    sendsWaiting: new Gauge({ name: "prochat_sends_waiting", help: "Messages that wait to be committed", registers }),
    batchSize: new Histogram({
      name: "prochat_batch_messages",
      help: "Messages of a batch",
      buckets: batchSizes,
      registers,
    }),
    batchSeconds: new Histogram({
      name: "prochat_batch_seconds",
      help: "Time that a batch takes, its commit included",
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

/** With what Node tells of itself; each value is labelled with the process. */
export function createRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The text for several processes. Each value keeps its process: a sum would fall when one of them starts again. */
export const mergeMetrics = (processes: ProcessMetrics[]): Promise<string> =>
  AggregatorRegistry.aggregate(
    // Labels tell all values apart: there is nothing to aggregate, and nothing is to be left out.
    processes.map(metrics => metrics.map(metric => ({ ...metric, aggregator: "first" as const }))),
  ).metrics();
