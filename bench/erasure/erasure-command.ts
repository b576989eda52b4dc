import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { Options } from "./people.ts";

export const erasureCommand = () =>
  new Command("erasure")
    .description("a visitor of several years is downloaded and erased: live, archived and exported months")
    .option("--messages <n>", "of the visitor, and as many of another one", wholeNumber(100, 1e6), 5_000)
    .option("--months <n>", "that they wrote in, until now", wholeNumber(14, 120), 36)
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { runErasure } = await import("./run-erasure.ts");
      await runErasure(options);
    });
