import { existsSync } from "node:fs";
import { basename } from "node:path";
import { writePage, writeReport } from "#bench/report/output.ts";
import { readRun } from "#bench/report/run.ts";
import { measureSize } from "./measure-size.ts";
import { drawCharts } from "./queries-charts.ts";
import { toMarkdown } from "./queries-markdown.ts";
import type { Options, Report, SizeReport } from "./queries-report.ts";

export async function runQueries({ messages, out, page, effort, trigrams, ...options }: Options): Promise<void> {
  const corpus = existsSync(options.corpus) ? options.corpus : undefined;
  const sizes: SizeReport[] = [];
  for (const count of messages.toSorted((a, b) => a - b)) {
    console.error(`${count} messages`);
    const print = (text: string) => console.error(`  ${text}`);
    const { postgres, ...size } = await measureSize({ messages: count, corpus, trigrams, ...effortOf(effort) }, print);
    sizes.push(size);
    const report: Report = { ...readRun("queries"), postgres, texts: corpus ? basename(corpus) : "made up", sizes };
    const figures = { name: "queries", report, markdown: toMarkdown(report), charts: drawCharts(sizes) };
    // After each size: a run that ends early has published what it measured.
    await writeReport(figures, out);
    if (page) await writePage(figures, page, basename(out));
    if (sizes.length === messages.length) console.log(figures.markdown);
  }
}

const effortOf = (share: number) => ({
  reads: { rounds: Math.max(1, Math.round(5 * share)), roundMs: 1_000 * Math.min(1, share) },
  writes: { rounds: Math.max(1, Math.round(3 * share)), roundMs: 3_000 * Math.min(1, share) },
});
