import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";

type Options = { messages: number; websites: number; corpus: string; rounds: number };

/** npm run bench -- search */
export function searchCommand(): Command {
  return new Command("search")
    .description("the search beside the ways of other chats on the same messages, while messages are sent")
    .option("--messages <count>", "messages in the database", wholeNumber(10_000, 100_000_000), 5_000_000)
    .option("--websites <count>", "websites that share them", wholeNumber(1, 10_000), 20)
    .option("--corpus <file>", "dialogues to take the texts from", "../shared/data/dialogues-dev.jsonl.gz")
    .option("--rounds <count>", "searches of each word", wholeNumber(1, 10_000), 100)
    .action(async (options: Options) => {
      const { measureSearch } = await import("./measure-search.ts");
      console.log(await measureSearch(options, text => console.error(text)));
    });
}
