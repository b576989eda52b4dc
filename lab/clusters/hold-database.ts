import { openDatabase } from "#database/embedded/open-database.ts";

// Usage: hold-database.ts <data folder>. A program of its own that runs the embedded PostgreSQL, for tests that kill it. It
// prints the database's URL when it is ready. SIGTERM stops it with PostgreSQL, SIGUSR2 without.

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
