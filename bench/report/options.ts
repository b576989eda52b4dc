import { type Command, InvalidArgumentError } from "commander";

/** Reads an option that is a whole number. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`"${text}" is not a whole number from ${min} to ${max}.`);
  };

export type PublishOptions = { out?: string; page?: string; json?: true };

/** The options of publish(). */
export const withPublishOptions = (command: Command): Command =>
  command
    .option("--out <folder>", `write ${command.name()}.json and the charts to this folder`)
    .option("--page <file>", "put tables and charts into this page; without --out, charts go to docs/benchmarks")
    .option("--json", "print the report as JSON");
