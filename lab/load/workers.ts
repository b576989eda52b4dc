import { fork } from "node:child_process";
import { once } from "node:events";

/** The tasks of a worker module, by name. Parameters and results are cloned between the processes. */
export type Tasks = Record<string, (params: never) => unknown>;

type Worker<T extends Tasks> = {
  pid: number;
  /** Resolves with the result; rejects if the task fails or the worker ends first. */
  call<K extends keyof T & string>(task: K, params: Parameters<T[K]>[0]): Promise<Awaited<ReturnType<T[K]>>>;
  stop(): Promise<void>;
};

type Request = { id: number; task: string; params: unknown };
type Response = { id: number; result?: unknown; error?: string };

/** Starts a module as a process that ends with this one. The module calls serveTasks(). */
function startWorker<T extends Tasks>(module: URL): Worker<T> {
  const child = fork(module, { serialization: "advanced" });
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  const ended = once(child, "exit").then(([code, signal]) => {
    const error = new Error(`A worker of the load generator ended (${signal ?? `status ${code}`}).`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  child.on("message", ({ id, result, error }: Response) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result as never);
    else caller?.reject(new Error(error));
  });
  let lastId = 0;
  return {
    pid: child.pid!,
    call(task, params) {
      const response = Promise.withResolvers<never>();
      const id = ++lastId;
      waiting.set(id, response);
      child.send({ id, task, params } satisfies Request, () => {}); // if the worker has ended, its exit rejects the call
      return response.promise;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Several workers of one module. */
export type WorkerPool<T extends Tasks> = {
  pids: number[];
  /** Calls a task in all workers at once. @param paramsOf  for the nth worker, from 0. @returns results in their order */
  callAll<K extends keyof T & string>(
    task: K,
    paramsOf: (nth: number) => Parameters<T[K]>[0],
  ): Promise<Awaited<ReturnType<T[K]>>[]>;
  stop(): Promise<void>;
};

export function startWorkerPool<T extends Tasks>(module: URL, size: number): WorkerPool<T> {
  const workers = Array.from({ length: size }, () => startWorker<T>(module));
  return {
    pids: workers.map(({ pid }) => pid),
    callAll: (task, paramsOf) => Promise.all(workers.map((worker, nth) => worker.call(task, paramsOf(nth)))),
    stop: async () => void (await Promise.all(workers.map(worker => worker.stop()))),
  };
}

/** The worker's side. The worker ends when its parent ends or stops it. */
export function serveTasks(tasks: Tasks): void {
  process.on("message", async ({ id, task, params }: Request) => {
    const response: Response = { id };
    try {
      response.result = await tasks[task]!(params as never);
    } catch (error) {
      response.error = (error as Error)?.stack ?? JSON.stringify(error);
    }
    process.send?.(response);
  });
  process.on("SIGINT", () => {}); // Ctrl-C reaches all processes; the parent decides
  process.on("disconnect", () => process.exit());
}
