import { Command } from "commander";
import { type MigrationState, migrate, migrationStatus, refuseNewer, undoMigration } from "#database/migrate.ts";
import { borrowDatabase } from "#database/open-database.ts";
import { runCommand } from "./run-command.ts";

type Options = { json?: true };

/** prochat migrate, migrate status, migrate undo */
export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("bring the database up to this version (starting the server does so too)")
    .option("--json", "report as JSON")
    .action(
      withDatabase(async (url, log, { json }) => {
        const applied = await migrate(url, { log });
        if (json) console.log(JSON.stringify({ applied }));
        else console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
      }),
    );
  command
    .command("status")
    .description("list the migrations and when each was applied")
    .option("--json", "report as JSON")
    .action(
      withDatabase(async (url, _log, { json }) => {
        const states = await migrationStatus(url);
        console.log(json ? JSON.stringify({ migrations: states }) : states.map(line).join("\n"));
        refuseNewer(url, states);
      }),
    );
  command
    .command("undo")
    .description("take back the migration that was applied last, with the data that it made room for")
    .option("--json", "report as JSON")
    .action(
      withDatabase(async (url, log, { json }) => {
        const undone = await undoMigration(url, { log });
        if (json) console.log(JSON.stringify({ undone }));
        else console.log(undone ? `Took back ${undone}.` : "There is nothing to take back.");
      }),
    );
  return command;
}

function withDatabase(
  work: (url: string, log: Parameters<typeof migrate>[1]["log"], options: Options) => Promise<void>,
) {
  return runCommand<Options>(async (config, log, options) => {
    const database = await borrowDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, log });
    try {
      await work(database.url, log, options);
      return true;
    } finally {
      await database.stop();
    }
  });
}

function line({ name, appliedAt, known }: MigrationState): string {
  const when = appliedAt ? `applied ${appliedAt.toISOString()}` : "pending";
  return `${name}  ${when}${known ? "" : "  (not of this version)"}`;
}
