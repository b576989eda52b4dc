import { table } from "#bench/report/table.ts";

export type Run = {
  /** from the first byte to the end */
  seconds: number;
  sizeMb: number;
  /** of the program and the processes that it starts; 0: COPY has none */
  maxRssMb: number;
};

/** @param ndjsonMb  the size of the same rows as NDJSON, by which every format is measured */
export type Measured = { name: string; ndjsonMb: number; runs: Run[] };

export type ExportReport = { messages: number; load: number; measured: Measured[] };

export function describeExport({ messages, load, measured }: ExportReport): string {
  const copy = measured[0]!;
  const rows = measured.map(({ name, ndjsonMb, runs }) => [
    name,
    ndjsonMb.toFixed(0),
    median(runs.map(({ sizeMb }) => sizeMb)).toFixed(0),
    rateOf({ ndjsonMb, runs }).toFixed(1),
    (rateOf({ ndjsonMb, runs }) / rateOf(copy)).toFixed(2),
    memoryOf(runs),
  ]);
  return [
    `${messages.toLocaleString("en-US")} messages, median of ${copy.runs.length} runs in turn, load ${load.toFixed(0)}`,
    table(["", "MB of NDJSON", "MB written", "MB/s of NDJSON", "÷ COPY", "peak memory, MB"], rows),
  ].join("\n\n");
}

const rateOf = ({ ndjsonMb, runs }: Pick<Measured, "ndjsonMb" | "runs">) =>
  ndjsonMb / median(runs.map(({ seconds }) => seconds));

const memoryOf = (runs: Run[]) => {
  const max = Math.max(...runs.map(({ maxRssMb }) => maxRssMb));
  return max === 0 ? "–" : max.toFixed(0);
};

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
