import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { install, pgDump } from "#lab/install.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { fillByUse } from "./scenario.ts";

// Writes the database of a released version: test/integration/versions.test.ts migrates each of them to the newest. It
// starts that version's server on an empty PostgreSQL 15, uses it and dumps the database.
//
//     node test/versions/make.ts 2026-11-23 [folder of a checkout with node_modules; default: this one]

const root = join(import.meta.dirname, "../..");
const [name, folder = root] = process.argv.slice(2);
if (!name || !/^[\w.-]+$/.test(name)) throw new Error("Give the version's name, such as 2026-11-23.");
if (!install(pgDump)) throw new Error(`There is no ${pgDump.path}.`);
const program = relative(root, resolve(folder, "src/cli/main.ts"));

const cluster = await startScratchCluster("15");
const dataDir = await mkdtemp(join(tmpdir(), "prochat-version-"));
try {
  await fill();
  const path = join(import.meta.dirname, `${name}.sql`);
  const text = await dump();
  await writeFile(path, text);
  console.log(`${path}: ${Math.ceil(text.length / 1024)} KB`);
} finally {
  await cluster.stop();
  await rm(dataDir, { recursive: true });
}

async function fill(): Promise<void> {
  const env = { DATABASE_URL: cluster.url, DATA_DIR: dataDir, PORT: "0", DEMO_PORT: "off" };
  const server = startProgram(program, ["start"], { env });
  const sql = new pg.Client(cluster.url);
  try {
    const address = new URL(/http:\S+$/.exec(await server.firstLine)![0]);
    await sql.connect();
    await fillByUse(address.origin, address.searchParams.get("code")!, sql);
    // Months of use: conversations that continue others, ratings, several partitions.
    const generate = ["bench", "generate", "--messages", "250", "--websites", "1", "--months", "4"];
    const { code, stderr } = await startProgram(program, [...generate, "--beside-real-websites"], { env }).ended;
    if (code !== 0) throw new Error(stderr);
    await refuseGaps(sql);
  } finally {
    await sql.end();
    server.process.kill("SIGTERM");
    await server.ended;
  }
}

/** @throws Error naming the tables without rows */
async function refuseGaps(sql: pg.Client): Promise<void> {
  const { rows } = await sql.query<{ name: string; isFilled: boolean }>(`
    select name, xpath_exists('//row', query_to_xml('select from ' || name || ' limit 1', true, false, '')) as "isFilled"
    from (
      select oid::regclass::text as name
      from pg_class
      where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p')
        and not relispartition
    ) as tables
    union all
    select 'conversations that continue another one', exists (select from conversations where continues_id is not null)
    union all
    select 'ratings', exists (select from conversations where rating is not null)`);
  const gaps = rows.filter(({ isFilled }) => !isFilled).map(({ name }) => name);
  if (gaps.length > 0) throw new Error(`No rows of: ${gaps.join(", ")}. Fill them in test/versions/scenario.ts.`);
}

/** With inserts and without psql commands: any client can restore it, on PostgreSQL 15 and later. */
async function dump(): Promise<string> {
  const args = ["--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges", "--no-comments"];
  const { stdout } = await promisify(execFile)(pgDump.path, [...args, cluster.url], { maxBuffer: 2 ** 26 });
  return stdout
    .replaceAll(/^\\(un)?restrict .*\n/gm, "")
    .replaceAll(/^--.*\n/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n");
}
