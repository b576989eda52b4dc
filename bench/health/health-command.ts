import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import { describeHealth, type Options } from "./health-report.ts";

/** npm run bench -- health */
export const healthCommand = () =>
  new Command("health")
    .description("what a run of the checks costs, and how soon the Database page opens while others look at it")
    .option("--messages <n>", "stored in all, over a year", wholeNumber(100, 1e9), 1_000_000)
    .option("--websites <n>", "that they belong to", wholeNumber(1, 100_000), 1_000)
    .option("--viewers <n>", "of the page, beside the one that is measured", wholeNumber(0, 200), 20)
    .option("--seconds <n>", "that an idle server is watched, with checks and without", wholeNumber(5, 3_600), 60)
    .option("--opens <n>", "times that the page is opened in each way", wholeNumber(1, 1_000), 20)
    .option("--json", "print the report as JSON")
    .action(async (options: Options & { json?: true }) => {
      const { measureHealth } = await import("./measure-health.ts");
      const report = await measureHealth(options);
      console.log(options.json ? JSON.stringify(report) : describeHealth(report));
    });
