import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";

export type GenerateOptions = {
  /** 1 to 1,000,000,000 */
  messages: number;
  /** 1 to 100,000, and no more than messages; by default one for 10,000 messages, at least 3 and at most 1,000 */
  websites?: number | undefined;
  /** how many months before `until` the first conversation begins: 1 to 240, by default 12 */
  months?: number | undefined;
  /** 0 to 2⁵³ − 1: the same seed, options and `until` give the same rows */
  seed?: number | undefined;
  /** path of a file with dialogues, see readCorpus(); by default they are made up */
  corpus?: string | undefined;
  /** the time of the newest message; by default the database's present */
  until?: Date | undefined;
  /** generate although there are websites that were not generated; these stay as they are */
  besideRealWebsites?: boolean | undefined;
  /** e-mail address of the user who will own the websites, in place of a made-up one */
  owner?: string | undefined;
  /** ends the generation; committed months stay until the next generation */
  signal?: AbortSignal | undefined;
  log?: Log | undefined;
};

export type Settings = { messages: number; websites: number; months: number; seed: number };

const max = { messages: 1_000_000_000, websites: 100_000, months: 240, seed: Number.MAX_SAFE_INTEGER };

/** Checks the numbers and fills in the defaults. @throws AppError "invalid_request" naming the value and its range */
export function readSettings({ messages, websites, months = 12, seed = 1 }: GenerateOptions): Settings {
  check("messages", messages, 1, max.messages);
  const maxWebsites = Math.min(messages, max.websites);
  const settings = { messages, websites: websites ?? defaultWebsites(messages), months, seed };
  check("websites", settings.websites, 1, maxWebsites, messages < max.websites ? " (there are no more messages)" : "");
  check("months", months, 1, max.months);
  check("seed", seed, 0, max.seed);
  return settings;
}

const defaultWebsites = (messages: number) =>
  Math.min(messages, Math.min(1_000, Math.max(3, Math.ceil(messages / 10_000))));

function check(name: keyof typeof max, value: number, min: number, maxValue: number, why = ""): void {
  if (Number.isInteger(value) && value >= min && value <= maxValue) return;
  throw new AppError(
    "invalid_request",
    `--${name} is ${value}. Give a whole number from ${inWords(min)} to ${inWords(maxValue)}${why}.`,
  );
}

const inWords = (count: number) => count.toLocaleString("en-US");
