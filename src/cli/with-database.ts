import { borrowDatabase } from "#database/embedded/open-database.ts";
import type { Log } from "#platform/log.ts";
import { runCommand } from "./run-command.ts";

/**
 * A command's action on the database: of the server that runs on the data folder, or started for as long as it takes.
 * @param work  false: it ran, and found something wrong
 */
export function withDatabase<Options>(
  work: (url: string, log: Log, options: Options, args: string[]) => Promise<unknown>,
) {
  return runCommand<Options>(async (config, log, options, args) => {
    const database = await borrowDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, log });
    try {
      return (await work(database.url, log, options, args)) !== false;
    } finally {
      await database.stop();
    }
  });
}
