import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { Options } from "./lifecycle-report.ts";

export const lifecycleCommand = () =>
  new Command("lifecycle")
    .description("a month is archived while others send messages and page through its conversations")
    .option("--messages <n>", "stored in all, over --months", wholeNumber(1, 1e9), 1_000_000)
    .option("--months <n>", "of the messages", wholeNumber(2, 120), 4)
    .option("--month-messages <n>", "of the month that moves; 0: as generated", wholeNumber(0, 1e9), 0)
    .option("--seconds <n>", "of requests without a move", wholeNumber(1, 3_600), 20)
    .option("--rate <n>", "messages a second", wholeNumber(1, 20_000), 500)
    .option("--readers <n>", "who page through old conversations", wholeNumber(1, 100), 8)
    .option(
      "--hold <n>",
      "seconds that a reader holds a transaction open; the move gives up after half of it",
      wholeNumber(2, 600),
      60,
    )
    .option("--json", "print the report as JSON")
    .action(async (options: Options) => {
      const { runLifecycle } = await import("./run-lifecycle.ts");
      await runLifecycle(options);
    });
