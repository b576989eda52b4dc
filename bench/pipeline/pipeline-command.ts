import { Command, InvalidArgumentError } from "commander";
import { wholeNumber, withPublishOptions } from "#bench/report/options.ts";
import { type Options, type Turn, turns } from "./pipeline-report.ts";

export const pipelineCommand = () =>
  withPublishOptions(
    new Command("pipeline")
      .description("messages acknowledged and delivered per second, and their delays, beside Socket.IO and pgbench")
      .option("--seconds <n>", "of each load", wholeNumber(1, 600), 20)
      .option("--rounds <n>", "of all systems in turn", wholeNumber(1, 20), 3)
      .option("--visitors <n>", "who write; each may send 20 messages in 10 s", wholeNumber(1, 20_000), 3_000)
      .option("--websites <n>", "with an agent each, who may send 100 in 10 s", wholeNumber(1, 5_000), 600)
      .option("--at-once <n>", "messages on their way at full load", wholeNumber(1, 4_000), 400)
      .option("--workers <n>", "processes of the load generator", wholeNumber(1, 16), 2)
      .option("--only <names...>", `of ${turns.join(", ")}; all by default`, readTurns),
  ).action(async (options: Options) => {
    const { runPipeline } = await import("./run-pipeline.ts");
    await runPipeline(options);
  });

function readTurns(text: string, before: Turn[] = []): Turn[] {
  if ((turns as readonly string[]).includes(text)) return [...before, text as Turn];
  throw new InvalidArgumentError(`"${text}" is not one of ${turns.join(", ")}.`);
}
