import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { Options } from "./faults-options.ts";

export const faultsCommand = () =>
  new Command("faults")
    .description(
      "visitors and agents write, edit and delete while servers, PostgreSQL, Redis and networks fail; then all is checked",
    )
    .option("--minutes <n>", "of faults; the run ends when everything has recovered", wholeNumber(1, 10_000), 10)
    .option("--seed <n>", "of the faults and the chat", wholeNumber(0, 1e9), Date.now() % 1_000_000)
    .option("--visitors <n>", "at a time; six agents answer", wholeNumber(1, 1_000), 24)
    .option("--processes <n>", "of the server", wholeNumber(1, 64), 3)
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { measureFaults } = await import("./measure-faults.ts");
      await measureFaults(options);
    });
