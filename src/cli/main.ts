#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { benchCommand } from "./bench.ts";
import { doctorCommand } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { migrateCommand } from "./migrate.ts";
import { partitionsCommand } from "./partitions.ts";
import { resetPasswordCommand } from "./reset-password.ts";
import { startCommand } from "./start.ts";
import { verifyCommand } from "./verify.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

const program = new Command("prochat")
  .description("Pro LiveChat: self-hosted live chat. Settings come from the environment: see prochat doctor.")
  .version(version)
  .addHelpText("after", "\nExit status: 0 done, 1 failed, 2 wrong usage.")
  .exitOverride();

// A command imports what only it needs when it runs: most need nothing of the server, which takes a second to load.
const commands = [
  startCommand(),
  migrateCommand(),
  doctorCommand(),
  verifyCommand(),
  partitionsCommand(),
  exportCommand(),
  resetPasswordCommand(),
  benchCommand(),
];
for (const command of commands) program.addCommand(command);
for (const command of everyCommand(program)) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed what was wrong; a help or version that was asked for is no failure.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap(child => [child, ...everyCommand(child)]);
}
