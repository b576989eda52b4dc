#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { programVersion } from "#platform/version.ts";

// A terminal that has closed, or a full disk under the file of the output, must not end the server.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const program = new Command("prochat")
  .description("Pro LiveChat: self-hosted live chat. Settings are environment variables: see prochat doctor.")
  .version(programVersion)
  .addHelpText("after", "\nExit status: 0 success, 1 failure, 2 wrong usage.")
  .exitOverride();

/** In the order of the help. Only the command that is run is imported: all of them take 70 MB and a second. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import("./start.ts")).startCommand(),
  migrate: async () => (await import("./migrate.ts")).migrateCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
  alerts: async () => (await import("./alerts.ts")).alertsCommand(),
  backup: async () => (await import("./backup.ts")).backupCommand(),
  restore: async () => (await import("./restore.ts")).restoreCommand(),
  drill: async () => (await import("./drill.ts")).drillCommand(),
  "wal-store": async () => (await import("./wal-store.ts")).walStoreCommand(),
  verify: async () => (await import("./verify.ts")).verifyCommand(),
  queries: async () => (await import("./queries.ts")).queriesCommand(),
  partitions: async () => (await import("./partitions.ts")).partitionsCommand(),
  recount: async () => (await import("./recount.ts")).recountCommand(),
  retention: async () => (await import("./retention.ts")).retentionCommand(),
  export: async () => (await import("./export.ts")).exportCommand(),
  import: async () => (await import("./import.ts")).importCommand(),
  undo: async () => (await import("./undo.ts")).undoCommand(),
  hold: async () => (await import("./hold.ts")).holdCommand(),
  privacy: async () => (await import("./privacy.ts")).privacyCommand(),
  audit: async () => (await import("./audit.ts")).auditCommand(),
  operators: async () => (await import("./operators.ts")).operatorsCommand(),
  "reset-password": async () => (await import("./reset-password.ts")).resetPasswordCommand(),
  bench: async () => (await import("./bench.ts")).benchCommand(),
  "wal-fetch": async () => (await import("./wal-fetch.ts")).walFetchCommand(),
};
const hidden = ["wal-fetch"];

const name = process.argv[2] ?? "";
const wanted = Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
for (const each of wanted) program.addCommand(await commands[each]!(), { hidden: hidden.includes(each) });
for (const command of listCommands(program)) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed the error already. --help and --version are no failures.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

function listCommands(command: Command): Command[] {
  return command.commands.flatMap(child => [child, ...listCommands(child)]);
}
