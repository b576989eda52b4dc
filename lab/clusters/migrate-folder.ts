import { stopSignal } from "#cli/stop-signal.ts";
import { migrate } from "#database/migrations/migrate.ts";

// Usage: migrate-folder.ts <database URL> <folder with migrations>. A program of its own, for tests that stop or kill it.

const terminal = { debug() {}, info: console.log, warn: console.log, error: console.log };
const [url = "", dir = ""] = process.argv.slice(2);

try {
  await migrate(url, { log: terminal, dir, signal: stopSignal() });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
