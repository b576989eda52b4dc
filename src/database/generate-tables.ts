import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { generate, PostgresDialect as PostgresGenerator } from "kysely-codegen";
import pg from "pg";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";

// Writes tables.ts from a freshly migrated database; with --verify it changes nothing and fails when the file is stale.

const path = join(import.meta.dirname, "tables.ts");
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const fresh = await generateTables();
if (!process.argv.includes("--verify")) await writeFile(path, fresh);
else if ((await readFile(path, "utf8")) !== fresh) {
  process.stderr.write("src/database/tables.ts is stale. Run npm run tables and commit it.\n");
  process.exitCode = 1;
}

async function generateTables(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "prochat-tables-"));
  try {
    const database = await openDatabase({ dataDir, databaseUrl: null, log: silent });
    try {
      await migrate(database.url, { log: silent });
      return await generateFrom(database.url);
    } finally {
      await database.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function generateFrom(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {}); // a connection may still be closing when PostgreSQL is stopped
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await generate({
      db,
      dialect: new PostgresGenerator(),
      excludePattern: "{graphile_worker.*,*.pgmigrations,pgmigrations}",
      outFile: null,
      partitions: false,
      typeOnlyImports: true,
    });
  } finally {
    await db.destroy();
  }
}
