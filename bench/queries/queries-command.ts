import { existsSync } from "node:fs";
import { basename } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { writePage, writeReport } from "#bench/report/output.ts";
import { describeRun } from "#bench/report/run.ts";
import { measureSize } from "./measure-size.ts";
import { drawCharts } from "./queries-charts.ts";
import { toMarkdown } from "./queries-markdown.ts";
import type { Report, SizeReport } from "./queries-report.ts";

type Options = { messages: number[]; corpus: string; out: string; page?: string; effort: number; trigrams: boolean };

const leastMessages = 200_000; // fewer have no conversation of 10,000 messages

export const queriesCommand = () =>
  new Command("queries")
    .description(
      "the product's reads and writes beside the optimization guide's, Chatwoot's and LibreDesk's, on the same rows",
    )
    .option("--messages <sizes>", "how many, one size after another: 200k, 1M,20M", readSizes, [1e6, 5e6, 20e6])
    .option(
      "--corpus <file>",
      "dialogues for people to say; made up when it is not there",
      "../shared/data/dialogues-train.jsonl.gz",
    )
    .option("--out <folder>", "where queries.json and the charts go", "docs/benchmarks")
    .option("--page <file>", "a page whose tables are written anew; it stands beside the folder")
    .option("--no-trigrams", "leave the peers' trigram indexes out; above 5M they are left out anyway")
    .option("--effort <share>", "of the usual time and rounds, from 0.01 to 10", readEffort, 1)
    .action(run);

async function run({ messages, out, page, effort, trigrams, ...options }: Options): Promise<void> {
  const corpus = existsSync(options.corpus) ? options.corpus : undefined;
  const sizes: SizeReport[] = [];
  for (const count of messages.toSorted((a, b) => a - b)) {
    console.error(`${count} messages`);
    const say = (text: string) => console.error(`  ${text}`);
    const { postgres, ...size } = await measureSize({ messages: count, corpus, trigrams, ...effortOf(effort) }, say);
    sizes.push(size);
    const report: Report = { ...describeRun("queries"), postgres, texts: corpus ? basename(corpus) : "made up", sizes };
    const figures = { name: "queries", report, markdown: toMarkdown(report), charts: drawCharts(sizes) };
    // After each size: a run that is ended early has told what it knew.
    await writeReport(figures, out);
    if (page) await writePage(figures, page, basename(out));
    if (sizes.length === messages.length) console.log(figures.markdown);
  }
}

const effortOf = (share: number) => ({
  reads: { rounds: Math.max(1, Math.round(5 * share)), roundMs: 1_000 * Math.min(1, share) },
  writes: { rounds: Math.max(1, Math.round(3 * share)), roundMs: 3_000 * Math.min(1, share) },
});

function readSizes(text: string): number[] {
  return text.split(",").map(word => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(word.trim()) ?? [];
    const count = Number(digits) * (unit === "M" ? 1e6 : unit === "k" ? 1e3 : 1);
    if (Number.isInteger(count) && count >= leastMessages && count <= 1e9) return count;
    throw new InvalidArgumentError(`"${word}" is not a number of messages from 200k to 1000M.`);
  });
}

function readEffort(text: string): number {
  const share = Number(text);
  if (share >= 0.01 && share <= 10) return share;
  throw new InvalidArgumentError(`"${text}" is not a number from 0.01 to 10.`);
}
