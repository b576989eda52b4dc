import { Command } from "commander";
import { connectionsCommand } from "./connections/connections-command.ts";
import { faultsCommand } from "./faults.ts";
import { migrationsCommand } from "./migrations.ts";
import { pipelineCommand } from "./pipeline/pipeline-command.ts";
import { queriesCommand } from "./queries/queries-command.ts";

/** Every figure in the docs comes from one of these: npm run bench -- <name>. */
const program = new Command("bench").description("measures the product on this machine, on databases of its own");

for (const command of [connectionsCommand(), faultsCommand(), migrationsCommand(), pipelineCommand(), queriesCommand()])
  program.addCommand(command);

await program.parseAsync();
