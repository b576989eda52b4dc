import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import { findFreePort } from "#server/http/listener.ts";
import type { Front } from "./front.ts";
import { createGathering } from "./gather-metrics.ts";
import { keepAlive } from "./keep-alive.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { Opened } from "./serve.ts";

/** More than sockets and requests take to leave. */
const stopMs = 20_000;

/**
 * Runs several server processes on one port, which this one takes connections from and hands them in turn: so a process
 * that is frozen gets no more of them, and one that is started again finds the port as it was.
 * @throws AppError "port_unavailable"
 */
export async function startWorkers(asked: Config, log: Logger): Promise<Front> {
  // All take one free port, and again the same should all of them have died at once.
  const config = { ...asked, port: asked.port || (await findFreePort(asked)) };
  cluster.setupPrimary({ exec: join(import.meta.dirname, "worker.ts"), args: [] });
  const stopping = new AbortController();
  const workers = new Set<Worker>();
  const gathering = createGathering(workers, tell);
  let opened: Opened | null = null;

  const killAll = () => {
    for (const worker of workers) worker.process.kill("SIGKILL");
  };
  process.on("exit", killAll);
  const kept = Array.from({ length: config.processes }, (_, index) => keep(index + 1));

  function keep(number: number) {
    const first = { listening: Promise.withResolvers<void>(), serving: Promise.withResolvers<void>() };
    first.serving.promise.catch(() => {}); // what fails before is told by the other
    const ended = keepAlive(`Process ${number}`, () => live(number, first), { signal: stopping.signal, log });
    return { listening: first.listening.promise, serving: first.serving.promise, ended };
  }

  async function live(number: number, first: First): Promise<string> {
    const worker = cluster.fork();
    workers.add(worker);
    let failure = "";
    worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "started":
          return tell(worker, { kind: "take-port", config, number });
        case "listening":
          first.listening.resolve();
          return opened && tell(worker, { kind: "open", opened });
        case "serving":
          return first.serving.resolve();
        case "failed":
          failure = message.message;
          return refuse(first, message.code ? new AppError(message.code, failure) : new Error(failure));
        case "metrics":
          return gathering.hear(message);
        case "ask-metrics":
          return void gathering.gather().then(text => tell(worker, { kind: "all-metrics", ask: message.ask, text }));
      }
    });
    const [code, signal] = await once(worker, "exit");
    workers.delete(worker);
    // One that somebody killed is worth another try; one that ends by itself before it has ever served is not.
    if (!signal) refuse(first, new Error(`Process ${number} ended before it served, with status ${code}`));
    if (failure) return `failed: ${failure}`;
    return signal ? `was ended by ${signal}` : `ended with status ${code}`;
  }

  async function stop() {
    stopping.abort();
    for (const worker of workers) tell(worker, { kind: "stop" });
    const late = setTimeout(killAll, stopMs);
    await Promise.all(kept.map(({ ended }) => ended));
    clearTimeout(late);
    process.off("exit", killAll);
  }

  try {
    await Promise.all(kept.map(({ listening }) => listening));
    return {
      port: config.port,
      async open(now) {
        opened = now;
        for (const worker of workers) tell(worker, { kind: "open", opened });
        await Promise.all(kept.map(({ serving }) => serving));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of the first life of a process: a start waits for them. */
type First = { listening: PromiseWithResolvers<void>; serving: PromiseWithResolvers<void> };

function refuse({ listening, serving }: First, error: Error) {
  listening.reject(error);
  serving.reject(error);
}

/** One that has gone is seen by its exit. */
const tell = (worker: Worker, message: ToWorker) => void worker.send(message, () => {});
