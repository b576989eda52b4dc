import { borrowDatabase } from "#database/embedded/open-database.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { runCommand } from "./run-command.ts";

/**
 * Makes the action of a command that needs the database: the one of the server that runs on the data folder, otherwise
 * one that runs until the command ends.
 * @param work  returns false if it found a problem
 */
export function withDatabase<Options>(
  work: (url: string, log: Log, options: Options, args: string[], config: Config) => Promise<unknown>,
) {
  return runCommand<Options>(async (config, log, options, args) => {
    // Commands lock, and set what they need for their session: they go past a pooler.
    const databaseUrl = config.directDatabaseUrl ?? config.databaseUrl;
    const database = await borrowDatabase({ dataDir: config.dataDir, databaseUrl, log });
    try {
      return (await work(database.url, log, options, args, config)) !== false;
    } finally {
      await database.stop();
    }
  });
}
