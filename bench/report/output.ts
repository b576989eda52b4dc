import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import type { PublishOptions } from "./options.ts";

/** The results of the benchmark `name`; charts are SVG texts by file name. */
export type Figures = { name: string; report: unknown; markdown: string; charts: Record<string, string> };

/** Writes the figures to the options' folder and page, and prints them. */
export async function publish(figures: Figures, { out, page, json }: PublishOptions): Promise<void> {
  const folder = out ?? (page && "docs/benchmarks");
  if (folder) await writeReport(figures, folder);
  if (page && folder) await writePage(figures, page, basename(folder));
  console.log(json ? JSON.stringify(figures.report) : figures.markdown);
}

/** Writes `<name>.json` and the charts into a folder. */
export async function writeReport({ name, report, charts }: Figures, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  for (const [file, svg] of Object.entries(charts)) await writeFile(join(dir, file), `${svg}\n`);
}

/**
 * Replaces the text between the benchmark's marks in a page, so that all figures there come from one report.
 * @param folder  of the charts, relative to the page
 * @throws AppError "invalid_request" if the page has no marks for this benchmark
 */
export async function writePage({ name, markdown, charts }: Figures, page: string, folder: string): Promise<void> {
  const [begin, end] = ["begin", "end"].map(word => `<!-- ${word}: npm run bench -- ${name} -->`) as [string, string];
  const text = await readFile(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) {
    throw new AppError("invalid_request", `${page} has no place for the figures. Add the lines ${begin} and ${end}.`);
  }
  const images = Object.keys(charts).map(file => `![${file.replace(".svg", "")}](${folder}/${file})`);
  const figures = [markdown, ...images].join("\n\n");
  await writeFile(page, `${text.slice(0, from)}${begin}\n\n${figures}\n\n${text.slice(to)}`);
}
