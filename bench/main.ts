import { Command } from "commander";
import { backupCommand } from "./backup/backup-command.ts";
import { connectionsCommand } from "./connections/connections-command.ts";
import { erasureCommand } from "./erasure/erasure-command.ts";
import { exportCommand } from "./export/export-command.ts";
import { faultsCommand } from "./faults/faults-command.ts";
import { healthCommand } from "./health/health-command.ts";
import { lifecycleCommand } from "./lifecycle/lifecycle-command.ts";
import { migrationsCommand } from "./migrations/migrations-command.ts";
import { pipelineCommand } from "./pipeline/pipeline-command.ts";
import { queriesCommand } from "./queries/queries-command.ts";
import { searchCommand } from "./search/search-command.ts";
import { trashCommand } from "./trash/trash-command.ts";
import { visitsCommand } from "./visits/visits-command.ts";

/** Every figure in docs/benchmarks.md comes from one of these. A command imports what it measures when it runs. */
const program = new Command("bench").description(
  "measures the product on this machine, on databases that it removes afterwards",
);

for (const command of [
  backupCommand(),
  connectionsCommand(),
  erasureCommand(),
  exportCommand(),
  faultsCommand(),
  healthCommand(),
  lifecycleCommand(),
  migrationsCommand(),
  pipelineCommand(),
  queriesCommand(),
  searchCommand(),
  trashCommand(),
  visitsCommand(),
])
  program.addCommand(command);

await program.parseAsync();
