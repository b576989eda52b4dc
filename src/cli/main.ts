#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { programVersion } from "#platform/version.ts";
import { auditCommand } from "./audit.ts";
import { backupCommand } from "./backup.ts";
import { benchCommand } from "./bench.ts";
import { doctorCommand } from "./doctor.ts";
import { drillCommand } from "./drill.ts";
import { exportCommand } from "./export.ts";
import { importCommand } from "./import.ts";
import { migrateCommand } from "./migrate.ts";
import { operatorsCommand } from "./operators.ts";
import { partitionsCommand } from "./partitions.ts";
import { privacyCommand } from "./privacy.ts";
import { resetPasswordCommand } from "./reset-password.ts";
import { restoreCommand } from "./restore.ts";
import { retentionCommand } from "./retention.ts";
import { startCommand } from "./start.ts";
import { undoCommand } from "./undo.ts";
import { verifyCommand } from "./verify.ts";
import { walFetchCommand } from "./wal-fetch.ts";
import { walStoreCommand } from "./wal-store.ts";

// A terminal that has closed, or a full disk under the file of the output, must not end the server.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const program = new Command("prochat")
  .description("Pro LiveChat: self-hosted live chat. Settings are environment variables: see prochat doctor.")
  .version(programVersion)
  .addHelpText("after", "\nExit status: 0 success, 1 failure, 2 wrong usage.")
  .exitOverride();

// A command imports its own modules when it runs. Most need no module of the server, which takes a second to load.
const commands = [
  startCommand(),
  migrateCommand(),
  doctorCommand(),
  backupCommand(),
  restoreCommand(),
  drillCommand(),
  walStoreCommand(),
  verifyCommand(),
  partitionsCommand(),
  retentionCommand(),
  exportCommand(),
  importCommand(),
  undoCommand(),
  privacyCommand(),
  auditCommand(),
  operatorsCommand(),
  resetPasswordCommand(),
  benchCommand(),
];
for (const command of commands) program.addCommand(command);
program.addCommand(walFetchCommand(), { hidden: true });
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
