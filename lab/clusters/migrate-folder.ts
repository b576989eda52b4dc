import { stopSignal } from "#cli/stop-signal.ts";
import { migrate } from "#database/migrations/migrate.ts";

// A program of its own that migrates the database named first with the migrations of the folder named second, for tests
// that stop or kill it.

const told = { debug() {}, info: console.log, warn: console.log, error: console.log };
const [url = "", dir = ""] = process.argv.slice(2);

try {
  await migrate(url, { log: told, dir, signal: stopSignal() });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
