import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "#lab/programs/programs.ts";

/** The product as operators run it: one process with its embedded PostgreSQL, in its own data folder. */
export type ChatServer = {
  url: string;
  dataDir: string;
  /** as the server prints it; null once it is set up */
  setupAddress: string | null;
  /** Kills it (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same ports and data folder. */
  startAgain(demoUrl: string): Promise<void>;
  /** Stops it as Ctrl-C does, and deletes its data. */
  stop(): Promise<void>;
};

/** @param env  further settings */
export async function startServer(env: Record<string, string> = {}): Promise<ChatServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-e2e-"));
  const first = await start({ ...env, PORT: "0", DATA_DIR: dataDir });
  const { url, setupAddress } = first;
  let { program } = first;

  return {
    url,
    dataDir,
    setupAddress,
    async kill() {
      program.process.kill("SIGKILL");
      await program.ended;
    },
    async startAgain(demoUrl) {
      ({ program } = await start({
        ...env,
        PORT: new URL(url).port,
        DEMO_PORT: new URL(demoUrl).port,
        DATA_DIR: dataDir,
      }));
    },
    async stop() {
      // A killed server leaves its database running; the next start takes it over.
      if (program.process.signalCode === "SIGKILL")
        ({ program } = await start({ ...env, PORT: "0", DATA_DIR: dataDir }));
      program.process.kill("SIGINT");
      const { code, stderr } = await program.ended;
      rmSync(dataDir, { recursive: true });
      if (code !== 0) throw new Error(`the server ended with ${code}: ${stderr}`);
    },
  };
}

async function start(env: Record<string, string>) {
  const program = startProgram("src/cli/main.ts", ["start"], { env });
  const line = await program.firstLine;
  const address = line.match(/http:\S+/)?.[0] ?? "";
  return { program, url: new URL(address).origin, setupAddress: address.includes("/setup?") ? address : null };
}
