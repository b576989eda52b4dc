import { Command, InvalidArgumentError } from "commander";
import type { Options } from "./queries-report.ts";

const minMessages = 200_000; // with fewer there is no conversation of 10,000 messages

export const queriesCommand = () =>
  new Command("queries")
    .description("reads and writes beside the optimization guide, Chatwoot and LibreDesk, on the same rows")
    .option("--messages <sizes>", "one size after another: 200k, 1M,20M", readSizes, [1e6, 5e6, 20e6])
    .option(
      "--corpus <file>",
      "dialogues for the messages' texts; made up if there is no such file",
      "../shared/data/dialogues-train.jsonl.gz",
    )
    .option("--out <folder>", "write queries.json and the charts to this folder", "docs/benchmarks")
    .option("--page <file>", "put tables and charts into this page, which is beside the folder")
    .option("--no-trigrams", "leave out the peers' trigram indexes; above 5M they are always left out")
    .option("--effort <share>", "of the usual time and rounds, from 0.01 to 10", readEffort, 1)
    .action(async (options: Options) => {
      const { runQueries } = await import("./run-queries.ts");
      await runQueries(options);
    });

function readSizes(text: string): number[] {
  return text.split(",").map(word => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(word.trim()) ?? [];
    const count = Number(digits) * (unit === "M" ? 1e6 : unit === "k" ? 1e3 : 1);
    if (Number.isInteger(count) && count >= minMessages && count <= 1e9) return count;
    throw new InvalidArgumentError(`"${word}" is not a number of messages from 200k to 1000M.`);
  });
}

function readEffort(text: string): number {
  const share = Number(text);
  if (share >= 0.01 && share <= 10) return share;
  throw new InvalidArgumentError(`"${text}" is not a number from 0.01 to 10.`);
}
