/** A log that nobody reads. */
export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A log whose lines a test looks at. */
export function keepLog() {
  const lines: string[] = [];
  const keep = (message: string) => void lines.push(message);
  return { lines, log: { debug() {}, info: keep, warn: keep, error: keep } };
}
