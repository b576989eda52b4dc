<<<<<<< HEAD
const minPauseMs = 200;

/** "1.2 GB" */
export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  while (value >= 1000 && units.length > 1) {
    value /= 1024;
    units.shift();
  }
  return `${value.toFixed(value < 10 && units[0] !== "B" ? 1 : 0)} ${units[0]}`;
}

/** Shows on a terminal how far long work is, in one line that changes. Elsewhere it prints nothing. */
export function printProgress(verb: string): {
  show(progress: { bytes: number; totalBytes: number }): void;
  clear(): void;
} {
  const { stderr } = process;
  let shownAt = 0;
  return {
    show({ bytes, totalBytes }) {
      if (!stderr.isTTY || Date.now() - shownAt < minPauseMs) return;
      shownAt = Date.now();
      const percent = totalBytes > 0 ? Math.floor((bytes / totalBytes) * 100) : 0;
      stderr.write(`\r\x1b[K${verb} ${size(bytes)} of ${size(totalBytes)} (${percent}%)`);
    },
    clear() {
      if (stderr.isTTY && shownAt > 0) stderr.write("\r\x1b[K");
      shownAt = 0;
=======
import type { Log } from "#platform/log.ts";

const showMs = 1_000;
const logEvery = 100_000;

/** Counts long work: on a terminal in one line that is written again, otherwise in the log. */
export function createProgress(log: Log, unit: string) {
  let total = 0;
  let shownAt = Date.now();
  let logged = 0;
  let isShown = false;
  return {
    add(count: number) {
      total += count;
      if (process.stderr.isTTY && Date.now() - shownAt > showMs) {
        shownAt = Date.now();
        isShown = true;
        process.stderr.write(`\r${total.toLocaleString("en-US")} ${unit}`);
      }
      if (!process.stderr.isTTY && total - logged >= logEvery) {
        logged = total;
        log.info(`${total.toLocaleString("en-US")} ${unit} written`);
      }
    },
    total: () => total,
    end() {
      if (isShown) process.stderr.write("\n");
>>>>>>> 7d5a96d (export: a conversation, a visitor, a period or a month as JSON, NDJSON, CSV or Parquet)
    },
  };
}
