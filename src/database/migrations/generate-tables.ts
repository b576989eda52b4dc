import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { generate, PostgresDialect as PostgresGenerator } from "kysely-codegen";
import pg from "pg";
import { openDatabase } from "#database/embedded/open-database.ts";
import { listIndexes } from "#database/query-plans/indexes.ts";
import { migrate } from "./migrate.ts";

// Migrates an empty database and writes two files from its schema: the types of the tables, and the indexes. With
// --verify it changes nothing and fails if a file is stale.

const tablesPath = join(import.meta.dirname, "../tables.ts");
const indexesPath = join(import.meta.dirname, "../query-plans/expected-indexes.ts");
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const files = await generateFiles();
for (const [path, text] of Object.entries(files)) {
  if (!process.argv.includes("--verify")) await writeFile(path, text);
  else if ((await readFile(path, "utf8")) !== text) {
    process.stderr.write(`${path} is stale. Run npm run tables and commit it.\n`);
    process.exitCode = 1;
  }
}

async function generateFiles(): Promise<Record<string, string>> {
  const dataDir = await mkdtemp(join(tmpdir(), "prochat-tables-"));
  try {
    const database = await openDatabase({ dataDir, databaseUrl: null, log: silent });
    try {
      await migrate(database.url, { log: silent });
      return {
        [tablesPath]: await generateTables(database.url),
        [indexesPath]: await generateIndexes(database.url),
      };
    } finally {
      await database.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function generateTables(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {}); // PostgreSQL may stop before a connection is closed
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await generate({
      db,
      dialect: new PostgresGenerator(),
      excludePattern: "{*.pgmigrations,pgmigrations}",
      outFile: null,
      partitions: false,
      typeOnlyImports: true,
    });
  } finally {
    await db.destroy();
  }
}

async function generateIndexes(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const indexes = await listIndexes(client);
    const definitions = indexes.map(({ definition }) => definition).sort();
    const lines = definitions.map(definition => `  ${JSON.stringify(definition)},\n`);
    return `/** Written by npm run tables: every index that the migrations make, without its name. */\nexport const expectedIndexes: string[] = [\n${lines.join("")}];\n`;
  } finally {
    await client.end();
  }
}
