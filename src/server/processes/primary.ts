import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Config } from "#platform/config.ts";
import type { QueryTimes } from "#platform/metrics/query-times.ts";
import { AppError } from "#protocol/errors.ts";
import type { HealthQueries, HealthReport } from "#protocol/health.ts";
import type { BroughtBack } from "#server/features/trash/bring-back.ts";
import { findFreePort } from "#server/http/listener.ts";
import { createMetricsGathering } from "./gather-metrics.ts";
import { createVitalsGathering } from "./gather-vitals.ts";
import { keepAlive } from "./keep-alive.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { ServeParams } from "./serve.ts";
import type { ServerHandle } from "./server-handle.ts";

/** More than sockets and requests take to end. */
const stopMs = 20_000;

/**
 * Runs several server processes on one port. This process accepts the connections and hands them to the workers in turn: a
 * frozen worker gets no more of them, and a restarted one finds the port as it was.
 * @throws AppError "port_unavailable"
 */
export async function startWorkers(wanted: Config, log: Logger): Promise<ServerHandle> {
  // With PORT=0 all workers take one free port, and the same one again after all have died.
  const config = { ...wanted, port: wanted.port || (await findFreePort(wanted)) };
  cluster.setupPrimary({ exec: join(import.meta.dirname, "worker.ts"), args: [] });
  const workers = new Workers(config, log);
  try {
    await workers.listening();
    return workers;
  } catch (error) {
    await workers.stop();
    throw error;
  }
}

/** The first start of a worker; a start of the server waits for it. */
type FirstStart = { listening: PromiseWithResolvers<void>; serving: PromiseWithResolvers<void> };

class Workers implements ServerHandle {
  private readonly config: Config;
  private readonly log: Logger;
  private readonly stopping = new AbortController();
  private readonly running = new Set<Worker>();
  private readonly metrics = createMetricsGathering(this.running, send);
  private readonly vitalsOf = createVitalsGathering(this.running, send);
  private health: { report: HealthReport; queries: HealthQueries } | null = null;
  private readonly kept: { listening: Promise<void>; serving: Promise<void>; ended: Promise<void> }[];
  /** null until the server is opened */
  private params: ServeParams | null = null;

  constructor(config: Config, log: Logger) {
    this.config = config;
    this.log = log;
    process.on("exit", this.killAll);
    this.kept = Array.from({ length: config.processes }, (_, index) => this.keep(index + 1));
  }

  get port(): number {
    return this.config.port;
  }

  get registry(): Registry {
    return this.metrics.registry;
  }

  get queries(): QueryTimes {
    return this.metrics.queries;
  }

  /** Resolves when all workers listen on the port. */
  async listening(): Promise<void> {
    await Promise.all(this.kept.map(({ listening }) => listening));
  }

  async open(params: ServeParams): Promise<void> {
    this.params = params;
    for (const worker of this.running) send(worker, { kind: "open", params });
    await Promise.all(this.kept.map(({ serving }) => serving));
  }

  /** Each worker publishes it, so that it arrives while Redis is away too. */
  recheckUser(userId: string): void {
    for (const worker of this.running) send(worker, { kind: "recheck-user", userId });
  }

  publishBroughtBack(what: BroughtBack): void {
    for (const worker of this.running) send(worker, { kind: "brought-back", what });
  }

  vitals = () => this.vitalsOf.gather();

  setHealth(report: HealthReport, queries: HealthQueries): void {
    this.health = { report, queries };
    for (const worker of this.running) send(worker, { kind: "set-health", report, queries });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const worker of this.running) send(worker, { kind: "stop" });
    const timer = setTimeout(this.killAll, stopMs);
    await Promise.all(this.kept.map(({ ended }) => ended));
    clearTimeout(timer);
    process.off("exit", this.killAll);
  }

  private readonly killAll = () => {
    for (const worker of this.running) worker.process.kill("SIGKILL");
  };

  private keep(number: number) {
    const first = { listening: Promise.withResolvers<void>(), serving: Promise.withResolvers<void>() };
    first.serving.promise.catch(() => {}); // a failure before that rejects `listening` too
    const options = { signal: this.stopping.signal, log: this.log };
    const ended = keepAlive(`Process ${number}`, () => this.run(number, first), options);
    return { listening: first.listening.promise, serving: first.serving.promise, ended };
  }

  /** From the start of a worker to its end. @returns how it ended */
  private async run(number: number, first: FirstStart): Promise<string> {
    const worker = cluster.fork();
    this.running.add(worker);
    let failure = "";
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "failed") failure = message.message;
      this.handle(worker, number, first, message);
    });
    const [code, signal] = await once(worker, "exit");
    this.running.delete(worker);
    // A worker that was killed starts again. One that ends by itself before it has ever served fails the start.
    if (!signal) reject(first, new Error(`Process ${number} ended before it served, with status ${code}`));
    if (failure) return `failed: ${failure}`;
    return signal ? `was ended by ${signal}` : `ended with status ${code}`;
  }

  private handle(worker: Worker, number: number, first: FirstStart, message: FromWorker) {
    switch (message.kind) {
      case "started":
        return send(worker, { kind: "listen", config: this.config, number });
      case "listening":
        first.listening.resolve();
        if (this.params) send(worker, { kind: "open", params: this.params });
        return;
      case "serving":
        if (this.health) send(worker, { kind: "set-health", ...this.health });
        return first.serving.resolve();
      case "failed":
        return reject(first, message.code ? new AppError(message.code, message.message) : new Error(message.message));
      case "vitals":
        return this.vitalsOf.onAnswer(message);
      case "metrics":
        return this.metrics.onAnswer(message);
      case "gather-metrics": {
        const { request } = message;
        return void this.metrics.gather().then(text => send(worker, { kind: "gathered-metrics", request, text }));
      }
    }
  }
}

function reject({ listening, serving }: FirstStart, error: Error) {
  listening.reject(error);
  serving.reject(error);
}

/** An error is ignored: a worker that has ended is noticed by its exit. */
const send = (worker: Worker, message: ToWorker) => void worker.send(message, () => {});
