import { Command, InvalidArgumentError } from "commander";
import { wholeNumber, withPublishOptions } from "#bench/report/options.ts";
import { type Options, type SystemName, systemNames } from "./visits-report.ts";

export const visitsCommand = () =>
  withPublishOptions(
    new Command("visits")
      .description("whole visits: connect, look at pages, chat, read, resolve, leave, beside Socket.IO")
      .option("--visits <n>", "that chat, for the cost of each step", wholeNumber(1, 10_000), 1_400)
      .option("--seconds <n>", "of each crowd", wholeNumber(1, 600), 20)
      .option("--rounds <n>", "of both systems in turn", wholeNumber(1, 20), 3)
      .option("--websites <n>", "with an agent each, who may send 100 frames in 10 s", wholeNumber(1, 5_000), 1_000)
      .option("--at-once <n>", "visits beside each other", wholeNumber(1, 2_000), 64)
      .option("--chatting <n>", "of 100 visitors of the second crowd, who write", wholeNumber(1, 99), 3)
      .option("--only <names...>", `of ${systemNames.join(", ")}; both by default`, readNames),
  ).action(async (options: Options) => {
    const { runVisits } = await import("./run-visits.ts");
    await runVisits(options);
  });

function readNames(text: string, before: SystemName[] = []): SystemName[] {
  if ((systemNames as readonly string[]).includes(text)) return [...before, text as SystemName];
  throw new InvalidArgumentError(`"${text}" is none of ${systemNames.join(", ")}.`);
}
