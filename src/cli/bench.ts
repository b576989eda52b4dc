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
All is as the product itself would have written it: a few large websites and many small ones, a tenth of the
conversations open, one of 10,000 messages where there are 200,000 or more. Each month is committed whole; Ctrl-C stops
it, and running it again begins afresh. Without --owner, ada@generated-agents.example owns the websites: prochat
reset-password gives her a password to sign in with.`;

/** prochat bench generate */
export function benchCommand(): Command {
  const command = new Command("bench").description("fill the database to measure it");
  command
    .command("generate")
    .description("fill the database with made-up conversations, in place of those generated before")
    .requiredOption("--messages <count>", "messages in all, 1 to 1,000,000,000", number)
    .option("--websites <count>", "websites, 1 to 100,000; by default one for 10,000 messages, 3 to 1,000", number)
    .option("--months <count>", "months before now, 1 to 240, by default 12", number)
    .option("--seed <number>", "the same seed gives the same conversations; by default 1", number)
    .option("--corpus <file>", "dialogues to take the texts from: JSON lines, gzipped or not; made up by default")
    .option("--owner <email>", "a user who shall own the websites and see them in the dashboard")
    .option("--beside-real-websites", "go on although there are real websites; they stay as they are")
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

/** What is no number at all is wrong usage; whether it will do is for the generator to say. */
function number(text: string): number {
  const value = Number(text);
  if (!text.trim() || Number.isNaN(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}

const progressEveryMs = 1_000;

/** Says on stderr how far it is, at most once a second. */
function progressLine(total: number): (messages: number) => void {
  const startedMs = performance.now();
  let toldMs = startedMs;
  return messages => {
    const nowMs = performance.now();
    if (nowMs - toldMs < progressEveryMs) return;
    toldMs = nowMs;
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
