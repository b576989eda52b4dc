import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf, isRunning } from "#lab/programs/processes.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";

/** `prochat start` as an operator runs it: whoever ends it finds it started again, at the same place. */
export type Server = {
  url: string;
  /** null once it is set up */
  setupCode: string | null;
  pid(): number;
  workers(): number[];
  /** Ends the first process with kill -9; resolves when another serves. */
  kill(): Promise<void>;
  /** how it ended, each time that nobody had ended it */
  endedByItself: string[];
  stop(): Promise<void>;
};

const againMs = 500;

/**
 * @param env    settings; the port is chosen at the first start
 * @param watch  told of each process; returns how to say that it has ended
 */
export async function startServer(env: Record<string, string>, watch: (pid: number) => () => void): Promise<Server> {
  const endedByItself: string[] = [];
  let wanted = true;
  let port = "0";
  const first = await begin();
  let { program } = first;
  const address = new URL(/http:\S+$/.exec(first.ready)![0]);
  port = address.port;
  /** the life at hand, from when it serves to when another does */
  let life = keep(program);

  async function begin(): Promise<{ program: Program; ready: string }> {
    const program = startProgram("src/cli/main.ts", ["start"], { env: { ...env, PORT: port } });
    program.ended.then(watch(program.process.pid!));
    return { program, ready: await program.firstLine };
  }

  /** Where the database is just being restarted, a start fails and the next one does not. */
  async function beginAgain(): Promise<void> {
    for (; wanted; await sleep(againMs)) {
      const begun = await begin().catch(() => null);
      if (!begun) continue;
      program = begun.program;
      life = keep(program);
      return;
    }
  }

  function keep({ process, ended }: Program) {
    return ended.then(async ({ code, stderr }) => {
      if (wanted && process.signalCode !== "SIGKILL")
        endedByItself.push(`status ${code}: ${stderr.trim().slice(-2000)}`);
      await beginAgain();
    });
  }

  const workers = () => (isRunning(program.process.pid!) ? childrenOf(program.process.pid!) : []);

  return {
    url: address.origin,
    setupCode: address.searchParams.get("code"),
    pid: () => program.process.pid!,
    workers,
    async kill() {
      const again = life;
      program.process.kill("SIGKILL");
      await again;
    },
    endedByItself,
    async stop() {
      wanted = false;
      // One that was just being started is ended when it has started.
      for (let last: Promise<void> | null = null; last !== life; await last) {
        last = life;
        program.process.kill("SIGTERM");
      }
    },
  };
}
