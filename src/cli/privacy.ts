import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { type Connection, connect, queryIn } from "#database/connect.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { archiveOfPerson } from "#database/privacy/archive-of-person.ts";
import { findErasure } from "#database/privacy/erasures.ts";
import { replayErasures, storeErasures } from "#database/privacy/ledger.ts";
import { ledgerPrefix } from "#database/privacy/ledger-prefix.ts";
import { findInDatabase, type Trace } from "#database/privacy/traces.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { findTextInRedis } from "#platform/redis/find-text.ts";
import { findText } from "#platform/storage/find-text.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import { Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { record } from "./record.ts";
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
        .option("--reason <text>", "for the trash and the audit log", "")
        .option("--json", "one JSON object")
        .action(withPerson<{ reason: string; json?: true }>(deletePerson)),
    )
    .addCommand(
      new Command("verify")
        .description(
          "look for an erased visitor in every table, the planner's statistics, jobs, Redis and the stored files; status 1 if anything is left",
        )
        .argument("<visitor>", visitorHelp)
        .option("--text <text...>", "words to look for too, such as a name or an address")
        .option("--json", "one JSON object")
        .addHelpText(
          "after",
          "\nIt reads everything. Backups are not read: the receipt says until when they hold the visitor.",
        )
        .action(withPerson<{ text?: string[]; json?: true }>(verifyPerson)),
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

type Person = { connection: Connection; visitorId: string; config: Config; log: Log };

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
  const { connection, visitorId, log } = person;
  if (!output && process.stdout.isTTY) {
    throw new AppError("invalid_request", "A zip is no text for a terminal. Name a file: --output data.zip");
  }
  const websiteId = await websiteOf(person);
  await record(connection.db, [{ ...recordOf(websiteId, visitorId), action: "visitor.downloaded" }]);
  const archive = archiveOfPerson(connection.db, { websiteId, visitorId }, [`From website ${websiteId}.`, ""]);
  await pipeline(archive, output ? createWriteStream(output, { mode: 0o600 }) : process.stdout);
  if (output) log.info(`Everything that is kept of the visitor is in ${output}`);
  return true;
}

async function deletePerson(person: Person, { reason, json }: { reason: string; json?: true }): Promise<boolean> {
  const { connection, visitorId, config } = person;
  const websiteId = await websiteOf(person);
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
      `Deleted, with ${conversations} conversations. Until ${until.slice(0, 10)} prochat undo brings all back.`,
    );
  return true;
}

async function verifyPerson(person: Person, { text = [], json }: { text?: string[]; json?: true }): Promise<boolean> {
  const { connection, visitorId, config, log } = person;
  const { db } = connection;
  const erasures = await Promise.all(
    (await listWebsiteIds(db)).map(websiteId => findErasure(db, { websiteId, visitorId })),
  );
  const erasure = erasures.find(each => each !== null);
  const wanted = { ids: [visitorId, ...(erasure?.conversationIds ?? [])], texts: text };
  const all = [...wanted.ids, ...wanted.texts];
  const traces: Trace[] = await findInDatabase(queryIn(db), wanted, name => log.debug(`Reading ${name}`));
  if (config.redisUrl) {
    for (const key of await findTextInRedis(config.redisUrl, config.redisPrefix, all)) {
      traces.push({ place: `Redis key ${key}`, count: 1 });
    }
  }
  for await (const key of findText(openStorage(config), all, isLeftOut)) {
    traces.push({ place: `stored object ${key}`, count: 1 });
  }
  const erasedAt = erasure?.erasedAt?.toISOString() ?? null;
  if (json) console.log(JSON.stringify({ visitorId, erasedAt, removed: erasure?.removed ?? {}, traces }));
  else {
    for (const { place, count } of traces) console.log(`${place}: ${count}`);
    console.log(traces.length > 0 ? `The visitor is in ${traces.length} places.` : "Nothing is left of the visitor.");
    if (!erasedAt) console.log("The ledger knows no erasure of them: their conversations' ids were not looked for.");
  }
  return traces.length === 0;
}

/** The ledger has ids by design; backups hold people until they expire. */
const isLeftOut = (key: string) => key.startsWith(ledgerPrefix) || key.startsWith("backups/");
