import { once } from "node:events";
import { Command } from "commander";
import type { Config } from "#platform/config.ts";
import { AppError } from "#protocol/errors.ts";
import { runCommand } from "./run-command.ts";
import { stopSignal } from "./stop-signal.ts";

export function startCommand(): Command {
  return new Command("start")
    .description("start the server, with its own PostgreSQL unless DATABASE_URL is set")
    .option("--processes <count>", "server processes on the port, or auto for one per processor core (PROCESSES)")
    .action(
      runCommand<{ processes?: string }>(
        start,
        ({ processes }): Record<string, string> => (processes === undefined ? {} : { PROCESSES: processes }),
      ),
    );
}

async function start(config: Config): Promise<boolean> {
  const signal = stopSignal();
  const { startServer } = await import("#server/main.ts"); // see main.ts
  const server = await startServer(config, signal).catch(ignoreStop);
  if (!server) return true;
  if (!signal.aborted) console.log(readyLine(server));

  const stopped = signal.aborted ? Promise.resolve() : once(signal, "abort");
  const failed = await Promise.race([stopped.then(() => false), server.databaseExited.then(() => true)]);
  if (failed)
    console.error(`PostgreSQL ended unexpectedly: see ${config.dataDir}/postgres.log. Start again to recover.`);
  await server.stop();
  return !failed;
}

/** A stop before the start is complete is no failure. */
function ignoreStop(error: unknown): null {
  if (error instanceof AppError && error.code === "interrupted") return null;
  throw error;
}

const readyLine = ({ url, setupCode }: { url: string; setupCode: string | null }) =>
  setupCode
    ? `Pro LiveChat is ready. Set it up at ${new URL(`/setup?code=${setupCode}`, url)}`
    : `Pro LiveChat is ready at ${new URL("/", url)}`;
