import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { type Connection, connect } from "#database/connect.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { archiveOfPerson } from "#database/privacy/archive-of-person.ts";
import { replayErasures, storeErasures } from "#database/privacy/ledger.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { count } from "./arguments.ts";
import { type VerifyOptions, verifyPerson } from "./privacy-verify.ts";
import { record } from "./record.ts";
import { requireConfirmed } from "./require-confirmed.ts";
import { requireMigrated } from "./require-migrated.ts";
import { runCommand } from "./run-command.ts";
import { withDatabase } from "./with-database.ts";

/** prochat privacy */
export function privacyCommand(): Command {
  return new Command("privacy")
    .description("a person's rights over their data: export, delete, verify that nothing is left")
    .addCommand(
      new Command("export")
        .description("write everything that is kept of a visitor into a zip: a JSON file for each table")
        .argument("<visitor>", visitorHelp)
        .option("--output <file>", "where to write it; default: stdout")
        .action(withPerson<{ output?: string }>(exportPerson)),
    )
    .addCommand(
      new Command("delete")
        .description(`delete a visitor with all of theirs; for ${limits.undoDays} days prochat undo brings them back`)
        .argument("<visitor>", visitorHelp)
        .option("--dry-run", "print what would be deleted, and delete nothing")
        .option("--confirm <count>", "how many conversations go, as --dry-run has it", count)
        .option("--reason <text>", "for the trash and the audit log", "")
        .option("--json", "one JSON object")
        .action(withPerson<Deletion>(deletePerson)),
    )
    .addCommand(
      new Command("verify")
        .description(
          "look for an erased visitor in every table, the planner's statistics, jobs, Redis and the stored files; status 1 if anything is left",
        )
        .argument("<visitor>", visitorHelp)
        .option("--text <text...>", "words to look for too, such as a name or an address")
        .option(
          "--read-backups",
          "read also the backups of before the erasure; BACKUP_KEY opens those that are encrypted",
        )
        .option("--json", "one JSON object")
        .addHelpText(
          "after",
          "\nIt reads everything but backups. It lists the backups that may hold the visitor, and until when; a restore erases the\n" +
            "visitor again. It cannot know copies elsewhere: backups in other folders, files that people have downloaded.",
        )
        .action(withPerson<VerifyOptions>(verifyPerson)),
    )
    .addCommand(
      new Command("replay")
        .description("after another program has restored the database: erase again who is in the ledger of erasures")
        .option("--json", "one JSON object")
        .addHelpText("after", "\nRun it before the server starts. prochat restore does it by itself.")
        .action(withDatabase<{ json?: true }>(replay)),
    );
}

const visitorHelp = "the visitor's id, as the dashboard shows it in the details of a conversation";

export type Person = { connection: Connection; visitorId: string; config: Config; log: Log };

function withPerson<Options>(work: (person: Person, options: Options) => Promise<boolean>) {
  return runCommand<Options>(async (config, log, options, args) => {
    const visitorId = Uuid.safeParse(args[0]).data;
    if (!visitorId) throw new AppError("invalid_request", `"${args[0]}" is no id of a visitor.`);
    const databaseUrl = config.directDatabaseUrl ?? config.databaseUrl;
    const database = await borrowDatabase({ dataDir: config.dataDir, databaseUrl, log });
    try {
      await requireMigrated(database.url);
      const onError = ({ message }: Error) => log.warn(message);
      const connection = connect({ url: database.url, poolSize: 2, onError });
      try {
        return await work({ connection, visitorId, config, log }, options);
      } finally {
        await connection.close();
      }
    } finally {
      await database.stop();
    }
  });
}

/** The website that a visitor belongs to. @throws AppError "not_found" */
async function websiteOf({ connection: { db }, visitorId }: Person): Promise<number> {
  const { findKept } = await import("#server/features/privacy/queries.ts"); // see main.ts
  for (const websiteId of await listWebsiteIds(db)) if (await findKept(db, { websiteId, visitorId })) return websiteId;
  throw new AppError("not_found", `Nothing is kept of the visitor ${visitorId}.`);
}

const recordOf = (websiteId: number, visitorId: string) => ({
  websiteId,
  target: { kind: "visitor" as const, id: visitorId, name: "" },
});

async function replay(
  url: string,
  log: Log,
  { json }: { json?: true },
  _args: string[],
  config: Config,
): Promise<void> {
  await requireMigrated(url);
  const connection = connect({ url, poolSize: 2, onError: ({ message }) => log.warn(message) });
  try {
    const done = await replayErasures(connection.db, openStorage(config));
    if (json) console.log(JSON.stringify(done));
    else console.log(`Erased again: ${done.erased} visitors. Deleted again: ${done.deleted}.`);
  } finally {
    await connection.close();
  }
}

async function exportPerson(person: Person, { output }: { output?: string }): Promise<boolean> {
  const { connection, visitorId, config, log } = person;
  if (!output && process.stdout.isTTY) {
    throw new AppError("invalid_request", "A zip is no text for a terminal. Name a file: --output data.zip");
  }
  const websiteId = await websiteOf(person);
  await record(connection.db, [{ ...recordOf(websiteId, visitorId), action: "visitor.downloaded" }]);
  const archive = archiveOfPerson(connection.db, openStorage(config), { websiteId, visitorId }, [
    `From website ${websiteId}.`,
    "",
  ]);
  await pipeline(archive, output ? createWriteStream(output, { mode: 0o600 }) : process.stdout);
  if (output) log.info(`Everything that is kept of the visitor is in ${output}`);
  return true;
}

type Deletion = { reason: string; dryRun?: true; confirm?: number; json?: true };

async function deletePerson(person: Person, { reason, dryRun, confirm, json }: Deletion): Promise<boolean> {
  const { connection, visitorId, config } = person;
  const websiteId = await websiteOf(person);
  const { countContents } = await import("#server/features/trash/visitor-queries.ts"); // see main.ts
  const due = await countContents(connection.db, { websiteId, visitorId });
  if (dryRun) {
    const text = `${due.conversations} conversations with ${due.messages} messages would be deleted.`;
    console.log(json ? JSON.stringify({ visitorId, websiteId, ...due }) : text);
    return true;
  }
  requireConfirmed(due.conversations, confirm, "conversations");
  const { markDeleted } = await import("#server/features/trash/visitor-actions.ts"); // see main.ts
  const conversations = await connection.db.transaction().execute(async tx => {
    const deleted = await markDeleted(tx, { websiteId, visitorId, by: null, reason });
    const details = { reason, conversations: deleted.ids.length };
    await record(tx, [{ ...recordOf(websiteId, visitorId), action: "visitor.deleted", details }]);
    return deleted.ids.length;
  });
  await storeErasures(connection.db, openStorage(config));
  const until = new Date(Date.now() + limits.undoDays * 86_400_000).toISOString();
  if (json) console.log(JSON.stringify({ visitorId, websiteId, conversations, undoableUntil: until }));
  else
    console.log(
      `Deleted, with ${conversations} conversation${conversations === 1 ? "" : "s"}. Until ${until.slice(0, 10)} prochat undo brings all back.`,
    );
  return true;
}
