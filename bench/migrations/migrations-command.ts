import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { Options } from "./migrations-report.ts";

export const migrationsCommand = () =>
  new Command("migrations")
    .description("requests to a server while migrations run up and down, beside requests before them")
    .option("--messages <n>", "stored before the migrations", wholeNumber(1, 1e9), 300_000)
    .option("--seconds <n>", "of requests without a migration", wholeNumber(1, 3_600), 30)
    .option("--rate <n>", "messages a second", wholeNumber(1, 20_000), 500)
    .option("--reads <n>", "reads a second", wholeNumber(1, 20_000), 200)
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { runMigrations } = await import("./run-migrations.ts");
      await runMigrations(options);
    });
