import type { Log } from "#platform/log.ts";

const showMs = 1_000;
const logEvery = 100_000;

/** Counts long work: on a terminal in one line that is written again, otherwise in the log. */
export function countProgress(log: Log, unit: string) {
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
    },
  };
}
