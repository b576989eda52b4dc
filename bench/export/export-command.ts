import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import { describeExport } from "./export-report.ts";

/** npm run bench -- export */
export const exportCommand = () =>
  new Command("export")
    .description("speed and memory of prochat export in each format, beside COPY of the same rows to /dev/null")
    .option("--messages <n>", "of the website, over four months", wholeNumber(10_000, 1e9), 1_000_000)
    .option("--runs <n>", "of each, in turn", wholeNumber(1, 100), 3)
    .option("--json", "print the report as JSON")
    .action(async (options: { messages: number; runs: number; json?: true }) => {
      const { measureExport } = await import("./measure-export.ts");
      const report = await measureExport(options);
      console.log(options.json ? JSON.stringify(report) : describeExport(report));
    });
