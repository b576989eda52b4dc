import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";

export type GenerateOptions = {
  /** 1 to 1,000,000,000 */
  messages: number;
  /** 1 to 100,000, and no more than messages; by default one for 10,000 messages, at least 3 and at most 1,000 */
  websites?: number | undefined;
  /** how far back the first conversation begins, in months before `until`: 1 to 240, by default 12 */
  months?: number | undefined;
  /** 0 to 2⁵³ − 1: the same seed, options and `until` give the same rows */
  seed?: number | undefined;
  /** path of dialogues for people to say, see readCorpus(); made up by default */
  corpus?: string | undefined;
  /** the latest moment there is; by default the database's present */
  until?: Date | undefined;
  /** go on although there are websites that were not generated; they stay as they are */
  besideRealWebsites?: boolean | undefined;
  /** e-mail address of a user who shall own the websites, in place of a made-up one */
  owner?: string | undefined;
  /** ends the generation; what was committed until then stays, until it is repeated */
  signal?: AbortSignal | undefined;
  log?: Log | undefined;
};

export type Settings = { messages: number; websites: number; months: number; seed: number };

const most = { messages: 1_000_000_000, websites: 100_000, months: 240, seed: Number.MAX_SAFE_INTEGER };

/** Checks the numbers and puts in the defaults. @throws AppError "invalid_request" naming the value and its range */
export function readSettings({ messages, websites, months = 12, seed = 1 }: GenerateOptions): Settings {
  check("messages", messages, 1, most.messages);
  const mostWebsites = Math.min(messages, most.websites);
  const settings = { messages, websites: websites ?? usualWebsites(messages), months, seed };
  check(
    "websites",
    settings.websites,
    1,
    mostWebsites,
    messages < most.websites ? " (there are no more messages)" : "",
  );
  check("months", months, 1, most.months);
  check("seed", seed, 0, most.seed);
  return settings;
}

const usualWebsites = (messages: number) =>
  Math.min(messages, Math.min(1_000, Math.max(3, Math.ceil(messages / 10_000))));

function check(name: keyof typeof most, value: number, least: number, greatest: number, why = ""): void {
  if (Number.isInteger(value) && value >= least && value <= greatest) return;
  throw new AppError(
    "invalid_request",
    `--${name} is ${value}. Give a whole number from ${inWords(least)} to ${inWords(greatest)}${why}.`,
  );
}

const inWords = (count: number) => count.toLocaleString("en-US");
