import type { Phrase } from "#database/search/lexemes.ts";
import { unitsOf } from "#database/search/units.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { startOfDay } from "./days.ts";

/** What somebody looks for, as they wrote it. */
export type Wanted = {
  phrases: Phrase[];
  from: string[];
  tags: string[];
  assignee: string | null;
  status: "open" | "resolved" | null;
  /** the first moment that is not wanted any more */
  before: Date | null;
  /** the first moment that is wanted */
  after: Date | null;
};

const operators = ["from", "tag", "is", "assignee", "before", "after"] as const;
type Operator = (typeof operators)[number];

/** `from:"Ana Maria"`, `"blue one"`, `refund`. A quote without its end goes up to the end. */
const names = operators.join("|");
const parts = new RegExp(`(?<!\\S)(${names}):(?!\\S)|(?:(?<!\\S)(${names}):)?(?:"([^"]*)"?|([^\\s"]+))`, "giu");

/** Words of so many letters are found by their beginning; shorter ones would find nearly everything. */
const minPrefixLength = 3;

/**
 * Reads what somebody wrote into the search.
 * @param timeZone  of the reader, in which days begin
 * @throws AppError "invalid_request" that says what to write in place of a mistake
 */
export function readQuery(text: string, timeZone: string): Wanted {
  const wanted: Wanted = { phrases: [], from: [], tags: [], assignee: null, status: null, before: null, after: null };
  for (const [, alone, operator, quoted, plain] of text.matchAll(parts)) {
    const value = (quoted ?? plain ?? "").trim();
    if (alone) throw mistake(`“${alone}:” needs a value, such as ${examples[alone.toLowerCase() as Operator]}.`);
    if (operator) readOperator(wanted, operator.toLowerCase() as Operator, value, timeZone);
    else addPhrase(wanted, value, quoted !== undefined);
  }
  const hasFilter = [wanted.assignee, wanted.status, wanted.before, wanted.after].some(filter => filter !== null);
  if (wanted.phrases.length + wanted.from.length + wanted.tags.length === 0 && !hasFilter) {
    throw mistake("There is no word to search for. Write one, or a filter such as is:open.");
  }
  const words = wanted.phrases.reduce((sum, { units }) => sum + units.length, 0);
  if (words > limits.searchWords) {
    throw mistake(`These are ${words} words. Search for at most ${limits.searchWords} at a time.`);
  }
  return wanted;
}

const examples: Record<Operator, string> = {
  from: "from:ana, from:visitor or from:me",
  tag: "tag:refund",
  is: "is:open or is:resolved",
  assignee: "assignee:me, assignee:nobody or assignee:ana",
  before: "before:2026-11-30",
  after: "after:2026-11-01",
};

function readOperator(wanted: Wanted, operator: Operator, value: string, timeZone: string): void {
  if (value === "") throw mistake(`“${operator}:” needs a value, such as ${examples[operator]}.`);
  switch (operator) {
    case "from":
      return void wanted.from.push(value);
    case "tag":
      return void wanted.tags.push(value);
    case "assignee":
      wanted.assignee = value;
      return;
    case "is": {
      const status = value.toLowerCase();
      if (status !== "open" && status !== "resolved") throw mistake(`“is:${value}” is unknown. Write ${examples.is}.`);
      wanted.status = status;
      return;
    }
    default: {
      const day = startOfDay(value, timeZone);
      if (!day) throw mistake(`“${operator}:${value}” is no day. Write ${examples[operator]}.`);
      wanted[operator] = day;
    }
  }
}

function addPhrase(wanted: Wanted, text: string, isQuoted: boolean): void {
  const units = unitsOf(text);
  const last = units.at(-1);
  if (!last) return;
  const isLong = !last.isCharacter && [...last.text].length >= minPrefixLength;
  wanted.phrases.push({ units, isPrefix: text.endsWith("*") || (isLong && !isQuoted) });
}

const mistake = (message: string) => new AppError("invalid_request", message);
