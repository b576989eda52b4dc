import { Command } from "commander";
import type { MigrationState } from "#database/migrations/history.ts";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { refuseDataLoss, refuseRunningServer } from "#database/migrations/safety/check-undo.ts";
import { migrationStatus, refuseNewer } from "#database/migrations/status.ts";
import type { Log } from "#platform/log.ts";
import { recordOfServer } from "./record.ts";
import { stopSignal } from "./stop-signal.ts";
import { withDatabase } from "./with-database.ts";

type Options = { json?: true };

const explanation = `
Chat goes on meanwhile. It waits only a moment for each lock and retries for up to 5 minutes, builds indexes concurrently,
and fills columns in small batches with pauses. Progress goes to stderr. Ctrl-C stops it and leaves nothing invalid; run it
again to continue, also after a kill -9.`;

/** prochat migrate, migrate status, migrate undo */
export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("migrate the database to this version (the start of the server does it too)")
    .option("--json", "report as JSON")
    .addHelpText("after", explanation)
    .action(
      withDatabase<Options>(async (url, log, { json }) => {
        const applied = await migrate(url, { log: json ? log : withProgress(log), signal: stopSignal() });
        if (applied.length > 0) {
          await recordOfServer(url, { action: "database.migrated", target: null, details: { migrations: applied } });
        }
        if (json) console.log(JSON.stringify({ applied }));
        else console.log(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.");
      }),
    );
  command
    .command("status")
    .description("list the migrations and when each was applied")
    .option("--json", "report as JSON")
    .action(
      withDatabase<Options>(async (url, _log, { json }) => {
        const states = await migrationStatus(url);
        console.log(json ? JSON.stringify({ migrations: states }) : states.map(line).join("\n"));
        refuseNewer(url, states);
      }),
    );
  command
    .command("undo")
    .description("undo the last migration, with the data of its tables and columns; all servers must be stopped")
    .option("--yes", "undo it although data may be lost")
    .option("--json", "report as JSON")
    .action(
      withDatabase<Options & { yes?: true }>(async (url, log, { json, yes }) => {
        const undone = await undoMigration(url, {
          log: json ? log : withProgress(log),
          signal: stopSignal(),
          async check(session, home) {
            await refuseRunningServer(session, home);
            if (!yes) await refuseDataLoss(session.client, home);
          },
        });
        if (undone) {
          await recordOfServer(url, {
            action: "database.migration_undone",
            target: null,
            details: { migration: undone },
          });
        }
        if (json) console.log(JSON.stringify({ undone }));
        else console.log(undone ? `Undid ${undone}.` : "There is no migration to undo.");
      }),
    );
  return command;
}

/** Shows the progress to a person who migrates by hand, at any log level. */
const withProgress = (log: Log): Log => ({ ...log, info: message => console.error(message) });

function line({ name, appliedAt, known }: MigrationState): string {
  const when = appliedAt ? `applied ${appliedAt.toISOString()}` : "pending";
  return `${name}  ${when}${known ? "" : "  (not of this version)"}`;
}
