import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import { drawCharts } from "./charts.ts";
import { toMarkdown } from "./markdown.ts";
import type { Report } from "./report.ts";

const [begin, end] = ["<!-- begin: npm run bench -- queries -->", "<!-- end: npm run bench -- queries -->"];

/** Writes queries.json and the charts. @returns the charts' names */
export async function writeReport(report: Report, dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "queries.json"), `${JSON.stringify(report, null, 2)}\n`);
  const charts = drawCharts(report.sizes);
  for (const [name, svg] of Object.entries(charts)) await writeFile(join(dir, name), `${svg}\n`);
  return Object.keys(charts);
}

/** Puts tables and charts between the marks of a page, so that no figure in it is older than the report. */
export async function writePage(report: Report, page: string, folder: string, charts: string[]): Promise<void> {
  const text = await readFile(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) {
    throw new AppError(
      "invalid_request",
      `${page} has no place for the figures. Give it the lines ${begin} and ${end}.`,
    );
  }
  const images = charts.map(name => `![${name.replace(".svg", "")}](${folder}/${name})`);
  const figures = [toMarkdown(report), ...images].join("\n\n");
  await writeFile(page, `${text.slice(0, from)}${begin}\n\n${figures}\n\n${text.slice(to)}`);
}
