import { Command } from "commander";
import { connectionsCommand } from "./connections/command.ts";
import { copyCommand } from "./copy.ts";
import { fanOutCommand } from "./fan-out.ts";
import { faultsCommand } from "./faults.ts";
import { migrationsCommand } from "./migrations.ts";
import { pipelineCommand } from "./pipeline/command.ts";
import { preparedCommand } from "./prepared.ts";
import { queriesCommand } from "./queries/command.ts";
import { sendCommand } from "./send.ts";

/** Every figure in the docs comes from one of these: npm run bench -- <name>. */
const program = new Command("bench").description("measures the product on this machine, on databases of its own");

for (const command of [
  connectionsCommand(),
  copyCommand(),
  fanOutCommand(),
  faultsCommand(),
  migrationsCommand(),
  pipelineCommand(),
  preparedCommand(),
  queriesCommand(),
  sendCommand(),
])
  program.addCommand(command);

await program.parseAsync();
