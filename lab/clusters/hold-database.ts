import { openDatabase } from "#database/embedded/open-database.ts";

// A program of its own that holds the data folder named on its command line, for tests that kill it. It prints the
// database's URL when it is ready, stops on SIGTERM, and exits without stopping anything on SIGUSR2.

const silent = { debug() {}, info() {}, warn() {}, error() {} };

try {
  const database = await openDatabase({ dataDir: process.argv[2]!, databaseUrl: null, log: silent });
  process.once("SIGTERM", () => database.stop());
  process.once("SIGUSR2", () => process.exit(3));
  console.log(database.url);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
