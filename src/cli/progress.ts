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
    },
  };
}
