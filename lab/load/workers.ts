import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What a worker module serves: what may be asked of it, by name. Parameters and answers are cloned on the way. */
export type Tasks = Record<string, (params: never) => unknown>;

type Worker<O extends Tasks> = {
  pid: number;
  /** Resolves with the answer; rejects when the worker fails or ends first. */
  ask<K extends keyof O & string>(order: K, params: Parameters<O[K]>[0]): Promise<Awaited<ReturnType<O[K]>>>;
  stop(): Promise<void>;
};

type Question = { id: number; order: string; params: unknown };
type Answer = { id: number; result?: unknown; error?: string };

/** Starts a module in a process of its own, which ends with this one. The module calls serveTasks(). */
function startWorker<O extends Tasks>(module: URL): Worker<O> {
  const child = fork(module, { serialization: "advanced" });
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  const ended = once(child, "exit").then(([code, signal]) => {
    const error = new Error(`A worker of the load generator ended (${signal ?? `status ${code}`}).`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  child.on("message", ({ id, result, error }: Answer) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result as never);
    else caller?.reject(new Error(error));
  });
  let asked = 0;
  return {
    pid: child.pid!,
    ask(order, params) {
      const answer = Promise.withResolvers<never>();
      const id = ++asked;
      waiting.set(id, answer);
      tell(child, { id, order, params });
      return answer.promise;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Several workers of one module. */
export type WorkerPool<O extends Tasks> = {
  pids: number[];
  /** Asks all at once; answers in their order. @param paramsOf  of the nth, from 0 */
  callAll<K extends keyof O & string>(
    order: K,
    paramsOf: (nth: number) => Parameters<O[K]>[0],
  ): Promise<Awaited<ReturnType<O[K]>>[]>;
  stop(): Promise<void>;
};

export function startWorkerPool<O extends Tasks>(module: URL, size: number): WorkerPool<O> {
  const workers = Array.from({ length: size }, () => startWorker<O>(module));
  return {
    pids: workers.map(({ pid }) => pid),
    callAll: (order, paramsOf) => Promise.all(workers.map((worker, nth) => worker.ask(order, paramsOf(nth)))),
    stop: async () => void (await Promise.all(workers.map(worker => worker.stop()))),
  };
}

/** One that has gone is seen by its exit. */
const tell = (child: ChildProcess, question: Question) => void child.send(question, () => {});

/** The worker's side; it ends when its parent has gone or lets it go. */
export function serveTasks(tasks: Tasks): void {
  process.on("message", async ({ id, order, params }: Question) => {
    const answer: Answer = { id };
    try {
      answer.result = await tasks[order]!(params as never);
    } catch (error) {
      answer.error = (error as Error)?.stack ?? JSON.stringify(error);
    }
    process.send?.(answer);
  });
  process.on("SIGINT", () => {}); // Ctrl-C reaches all; the parent decides
  process.on("disconnect", () => process.exit());
}
