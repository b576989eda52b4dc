import { Command } from "commander";
import type { Config } from "#server/core/config.ts";
import { runCommand } from "./run-command.ts";

export function startCommand(): Command {
  return new Command("start")
    .description("start the server, with its own PostgreSQL unless DATABASE_URL names another")
    .action(runCommand(start));
}

type Server = {
  url: string;
  setupCode: string | null;
  databaseExited: Promise<void>;
  stop(): Promise<void>;
};

async function start(config: Config): Promise<boolean> {
  // Loaded here, so that the other commands need not wait for all of the server.
  const main: string = "#server/main.ts";
  const { startServer } = (await import(main)) as { startServer(config: Config): Promise<Server> };
  const starting = startServer(config);
  const asked = stopSignal();
  const server = await starting;
  console.log(
    server.setupCode
      ? `Pro LiveChat is ready. Set it up at ${new URL(`/setup?code=${server.setupCode}`, server.url)}`
      : `Pro LiveChat is ready at ${new URL("/", server.url)}`,
  );
  const failed = await Promise.race([asked.then(() => false), server.databaseExited.then(() => true)]);
  await server.stop();
  if (failed)
    console.error(`PostgreSQL ended unexpectedly: see ${config.dataDir}/postgres.log. Starting again recovers.`);
  return !failed;
}

/** Resolves at the first signal to stop. At the second the process ends at once, and takes PostgreSQL with it. */
function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
}
