import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { Options } from "./run-trash.ts";

export const trashCommand = () =>
  new Command("trash")
    .description(
      "a large website is deleted, brought back, deleted again and purged while visitors of others send messages",
    )
    .option(
      "--messages <n>",
      "stored in all; the website has about half, in conversations of 18",
      wholeNumber(1000, 1e9),
      2_000_000,
    )
    .option("--seconds <n>", "of requests without a deletion", wholeNumber(1, 3_600), 30)
    .option("--rate <n>", "messages a second", wholeNumber(1, 20_000), 500)
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { runTrash } = await import("./run-trash.ts");
      await runTrash(options);
    });
