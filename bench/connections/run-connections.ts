import { publish } from "#bench/report/output.ts";
import { readRun } from "#bench/report/run.ts";
import { createSetup } from "#lab/load/setup.ts";
import { drawCharts } from "./connections-charts.ts";
import { toMarkdown } from "./connections-markdown.ts";
import type { Options, Report } from "./connections-report.ts";
import { measureConnections } from "./measure-connections.ts";

/** On the machines of our measurements a process may have 20,000 open files. */
const visitorsPerWorker = 12_500;

export async function runConnections({ json, page, out, workers, ...options }: Options): Promise<void> {
  const settings = { ...options, workers: workers ?? Math.ceil(options.visitors / visitorsPerWorker) };
  const setup = await createSetup();
  try {
    const measured = await measureConnections(setup, settings, text => console.error(text));
    const report: Report = { ...readRun("connections"), postgres: setup.postgresVersion, settings, ...measured };
    const figures = { name: "connections", report, markdown: toMarkdown(report), charts: drawCharts(report) };
    await publish(figures, { out, page, json });
  } finally {
    await setup.stop();
  }
}
