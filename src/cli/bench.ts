import { Command, InvalidArgumentError } from "commander";
import { type Generated, generate } from "#sample-data/generate.ts";
import { stopSignal } from "./stop-signal.ts";
import { withDatabase } from "./with-database.ts";

type Options = {
  messages: number;
  websites?: number;
  months?: number;
  seed?: number;
  corpus?: string;
  owner?: string;
  besideRealWebsites?: true;
  json?: true;
};

const explanation = `
The data is as if the product itself had written it: a few large websites and many small ones, a tenth of the
conversations open. With 200,000 messages or more, one conversation has 10,000. Each month is committed whole. Ctrl-C
stops it; another run deletes the generated data and starts again. Without --owner, ada@generated-agents.example owns the
websites: prochat reset-password gives her a password.`;

/** prochat bench generate */
export function benchCommand(): Command {
  const command = new Command("bench").description("fill the database for measurements");
  command
    .command("generate")
    .description("fill the database with generated conversations, which replace those of an earlier run")
    .requiredOption("--messages <count>", "messages in all, 1 to 1,000,000,000", number)
    .option("--websites <count>", "websites, 1 to 100,000; default: one per 10,000 messages, 3 to 1,000", number)
    .option("--months <count>", "months before now, 1 to 240; default: 12", number)
    .option("--seed <number>", "the same seed gives the same conversations; default: 1", number)
    .option("--corpus <file>", "dialogues with the texts: JSON lines, gzipped or not; default: built-in texts")
    .option("--owner <email>", "the user who owns the websites and sees them in the dashboard")
    .option("--beside-real-websites", "run although there are real websites, which are not changed")
    .option("--json", "report as JSON")
    .addHelpText("after", explanation)
    .action(
      withDatabase<Options>(async (url, log, options) => {
        const settings = { ...options, log, signal: stopSignal() };
        const generated = await generate(url, settings, progressLine(options.messages));
        console.log(options.json ? JSON.stringify(generated) : summary(generated));
      }),
    );
  return command;
}

/** Text that is no number is wrong usage. The generator checks the range. */
function number(text: string): number {
  const value = Number(text);
  if (!text.trim() || Number.isNaN(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}

const progressEveryMs = 1_000;

/** Prints the progress to stderr, at most once a second. */
function progressLine(total: number): (messages: number) => void {
  const startedMs = performance.now();
  let printedMs = startedMs;
  return messages => {
    const nowMs = performance.now();
    if (nowMs - printedMs < progressEveryMs) return;
    printedMs = nowMs;
    const rate = messages / ((nowMs - startedMs) / 1000);
    const secondsLeft = Math.ceil((total - messages) / rate);
    console.error(
      `${count(messages)} of ${count(total)} messages, ${count(Math.round(rate))} a second, ${secondsLeft} s left`,
    );
  };
}

const summary = (g: Generated) =>
  `Generated ${count(g.messages)} messages in ${count(g.conversations)} conversations of ${count(g.visitors)} visitors ` +
  `on ${count(g.websites)} websites in ${g.seconds.toFixed(1)} s: ${count(g.messagesPerSecond)} messages a second, ` +
  `${count(g.bytesPerMessage)} bytes a message with its indexes.`;

const count = (value: number) => value.toLocaleString("en-US");
