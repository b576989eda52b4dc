/** A log that drops everything. */
export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A log that keeps its messages for a test. */
export function keepLog() {
  const lines: string[] = [];
  const keep = (message: string) => void lines.push(message);
  return { lines, log: { debug() {}, info: keep, warn: keep, error: keep } };
}
