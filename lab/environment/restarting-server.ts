import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Guard } from "#lab/programs/guard.ts";
import { childrenOf, isRunning } from "#lab/programs/processes.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";

/** `prochat start` with a supervisor, as an operator runs it: whenever it ends, it is started again on the same port. */
export type Server = {
  url: string;
  /** null once it is set up */
  setupCode: string | null;
  pid(): number;
  workers(): number[];
  /** Ends the first process with kill -9; resolves when the next one serves. */
  kill(): Promise<void>;
  /** how it ended, each time that neither kill() nor stop() had ended it */
  unexpectedEnds: string[];
  /** what it logged as an error: our own faults, which clients are answered as `internal` */
  errors: string[];
  stop(): Promise<void>;
};

const retryMs = 500;
/** pino's number of the level */
const errorLevel = 50;

/** @param env  settings; the port is chosen at the first start */
export async function startServer(env: Record<string, string>, guard: Guard): Promise<Server> {
  const unexpectedEnds: string[] = [];
  const errors: string[] = [];
  let isStopped = false;
  let port = "0";
  const first = await start();
  let { program } = first;
  const address = new URL(/http:\S+$/.exec(first.readyLine)![0]);
  port = address.port;
  /** resolves when the program has ended and the next one serves */
  let restarted = supervise(program);

  async function start(): Promise<{ program: Program; readyLine: string }> {
    const program = startProgram("src/cli/main.ts", ["start"], { env: { ...env, PORT: port } });
    program.ended.then(guard.process(program.process.pid!));
    createInterface(program.process.stderr!).on("line", line => errors.push(...errorOf(line)));
    return { program, readyLine: await program.firstLine };
  }

  /** A start fails while the database is restarted; a later one succeeds. */
  async function startAgain(): Promise<void> {
    for (; !isStopped; await sleep(retryMs)) {
      const started = await start().catch(() => null);
      if (!started) continue;
      program = started.program;
      restarted = supervise(program);
      return;
    }
  }

  function supervise({ process, ended }: Program): Promise<void> {
    return ended.then(async ({ code, stderr }) => {
      if (!isStopped && process.signalCode !== "SIGKILL")
        unexpectedEnds.push(`status ${code}: ${stderr.trim().slice(-2000)}`);
      await startAgain();
    });
  }

  const workers = () => (isRunning(program.process.pid!) ? childrenOf(program.process.pid!) : []);

  return {
    url: address.origin,
    setupCode: address.searchParams.get("code"),
    pid: () => program.process.pid!,
    workers,
    async kill() {
      const next = restarted;
      program.process.kill("SIGKILL");
      await next;
    },
    unexpectedEnds,
    errors,
    async stop() {
      isStopped = true;
      // A program that was being started is ended when it has started.
      for (let last: Promise<void> | null = null; last !== restarted; await last) {
        last = restarted;
        program.process.kill("SIGTERM");
      }
    },
  };
}

/** @returns the error of a line of the log, or nothing */
function errorOf(line: string): string[] {
  if (!line.startsWith("{")) return [];
  const { level, msg, request, err } = JSON.parse(line);
  if (level < errorLevel) return [];
  return [[request, msg, err?.message, err?.cause].filter(Boolean).join(" · ")];
}
