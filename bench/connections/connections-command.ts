import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import { publish } from "#bench/report/output.ts";
import { describeRun } from "#bench/report/run.ts";
import { createSetup } from "#lab/load/setup.ts";
import { drawCharts } from "./connections-charts.ts";
import { toMarkdown } from "./connections-markdown.ts";
import type { Report, Settings } from "./connections-report.ts";
import { measureConnections } from "./measure-connections.ts";

type Options = Omit<Settings, "workers"> & { workers?: number; out?: string; page?: string; json?: true };

/** A process may have 20,000 files open on the machines that this is measured on. */
const visitorsOfWorker = 12_500;

export const connectionsCommand = () =>
  new Command("connections")
    .description("many visitors: how fast they come, their memory beside bare ws, messages among them, restarts")
    .option("--visitors <n>", "who only look", wholeNumber(1, 250_000), 50_000)
    .option("--processes <n>", "of the server", wholeNumber(1, 64), 3)
    .option("--messages-per-second <n>", "half by visitors, half by agents", wholeNumber(1, 20_000), 1_000)
    .option("--seconds <n>", "of messages", wholeNumber(1, 600), 30)
    .option("--settle <n>", "seconds of rest before memory is read: two heartbeats and more", wholeNumber(0, 600), 60)
    .option(
      "--talkers <n>",
      "visitors who write; a server lets each write 20 messages in 10 s",
      wholeNumber(1, 20_000),
      1_000,
    )
    .option("--agents <n>", "of a website each; a server lets each write 100 in 10 s", wholeNumber(1, 5_000), 64)
    .option("--workers <n>", "processes of the generator; one for 12,500 visitors unless said", wholeNumber(1, 64))
    .option("--out <folder>", "where connections.json and the chart go")
    .option(
      "--page <file>",
      "a page whose tables are written anew, and docs/benchmarks beside it unless --out says else",
    )
    .option("--json", "report as JSON")
    .action(run);

async function run({ json, page, out, workers, ...asked }: Options): Promise<void> {
  const settings = { ...asked, workers: workers ?? Math.ceil(asked.visitors / visitorsOfWorker) };
  const setup = await createSetup();
  try {
    const measured = await measureConnections(setup, settings, text => console.error(text));
    const report: Report = {
      ...describeRun("connections"),
      postgres: setup.postgresVersion,
      settings,
      ...measured,
    };
    const figures = { name: "connections", report, markdown: toMarkdown(report), charts: drawCharts(report) };
    await publish(figures, { out, page, json });
  } finally {
    await setup.stop();
  }
}
