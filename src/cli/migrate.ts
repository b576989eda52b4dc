import { Command } from "commander";
import type { MigrationState } from "#database/migrations/history.ts";
import {
  countConversations,
  migrate,
  migrationStatus,
  refuseNewer,
  undoMigration,
} from "#database/migrations/migrate.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { stopSignal } from "./stop-signal.ts";
import { withDatabase } from "./with-database.ts";

type Options = { json?: true };

const explanation = `
People go on chatting meanwhile: it asks for each lock for a moment and lets everybody pass before it asks again (up to
5 minutes), builds indexes concurrently, and fills columns in small batches with pauses. How far it is stands on stderr.
Ctrl-C stops it without leaving anything invalid; running it again goes on from there. After a kill -9 as well.`;

/** prochat migrate, migrate status, migrate undo */
export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("bring the database up to this version (starting the server does so too)")
    .option("--json", "report as JSON")
    .addHelpText("after", explanation)
    .action(
      withDatabase<Options>(async (url, log, { json }) => {
        const applied = await migrate(url, { log: json ? log : telling(log), signal: stopSignal() });
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
    .description("take back the migration that was applied last, with the data that it made room for")
    .option("--yes", "do so although there are conversations")
    .option("--json", "report as JSON")
    .action(
      withDatabase<Options & { yes?: true }>(async (url, log, { json, yes }) => {
        if (!yes) await refuseToLose(url);
        const undone = await undoMigration(url, { log: json ? log : telling(log), signal: stopSignal() });
        if (json) console.log(JSON.stringify({ undone }));
        else console.log(undone ? `Took back ${undone}.` : "There is nothing to take back.");
      }),
    );
  return command;
}

/** A person who migrates by hand wants to see how far it is, whatever is logged otherwise. */
const telling = (log: Log): Log => ({ ...log, info: message => console.error(message) });

function line({ name, appliedAt, known }: MigrationState): string {
  const when = appliedAt ? `applied ${appliedAt.toISOString()}` : "pending";
  return `${name}  ${when}${known ? "" : "  (not of this version)"}`;
}

/** Taking a migration back drops what it made, with all that was put there since. */
async function refuseToLose(url: string): Promise<void> {
  const conversations = await countConversations(url);
  if (conversations === 0) return;
  throw new AppError(
    "conflict",
    `There are ${conversations} conversations, and undoing may remove them for good. Make a backup, then add --yes.`,
  );
}
