import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { createSetup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { familyOf } from "#lab/programs/processes.ts";
import { startProgram } from "#lab/programs/programs.ts";
import { generate } from "#sample-data/generate.ts";
import type { ExportReport, Measured, Run } from "./export-report.ts";

const formats = [
  { name: "NDJSON", args: [] },
  { name: "NDJSON, compressed", args: ["--gzip"] },
  { name: "JSON", args: ["--format", "json", "--table", "messages"] },
  { name: "CSV", args: ["--format", "csv"] },
  { name: "Parquet", args: ["--format", "parquet"] },
];

const samplePeakMs = 20;

export async function measureExport({ messages, runs }: { messages: number; runs: number }): Promise<ExportReport> {
  const setup = await createSetup();
  try {
    const url = await setup.createDatabase("export");
    await migrate(url, { log: silent });
    await generate(url, { messages, websites: 1, months: 4 });
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      "select id, (select to_char(max(month) - interval '5 months', 'YYYY-MM') from message_months) as month from websites",
    );
    const [{ id, month }] = rows;
    const run = (args: string[]) => runExport(url, ["--website", String(id), ...args]);
    await run(["--month", month]); // fills Node's compile cache
    const copy: Measured = { name: "COPY to /dev/null, row_to_json()", ndjsonMb: 0, runs: [] };
    const small: Measured = { name: "NDJSON of one month", ndjsonMb: 0, runs: [] };
    const whole: Measured[] = formats.map(({ name }) => ({ name, ndjsonMb: 0, runs: [] }));
    for (let turn = 0; turn < runs; turn++) {
      copy.runs.push(await runCopy(client, id));
      small.runs.push(await run(["--month", month]));
      for (const [i, { args }] of formats.entries()) whole[i]!.runs.push(await run(args));
    }
    await client.end();
    small.ndjsonMb = small.runs[0]!.sizeMb;
    for (const each of [copy, ...whole]) each.ndjsonMb = whole[0]!.runs[0]!.sizeMb;
    return { messages, load: loadavg()[0]!, measured: [copy, small, ...whole] };
  } finally {
    await setup.stop();
  }
}

/** PostgreSQL alone: no client, no network. */
async function runCopy(client: pg.Client, websiteId: number): Promise<Run> {
  const startedMs = performance.now();
  await client.query(`
    copy (
      select row_to_json(r)
      from (
        select conversation_id, seq, id, author, kind, author_id, created_at, edited_at, details, body
        from messages
        where website_id = ${websiteId} and deleted_at is null
        order by conversation_id, seq) r
    ) to '/dev/null'`);
  return { seconds: (performance.now() - startedMs) / 1000, sizeMb: 0, maxRssMb: 0 };
}

async function runExport(url: string, args: string[]): Promise<Run> {
  const { process: program, ended } = startProgram("src/cli/prochat.js", ["export", ...args], {
    env: { DATABASE_URL: url },
    isDiscarded: true,
  });
  let bytes = 0;
  let firstMs = 0;
  program.stdout!.on("data", (chunk: Buffer) => {
    firstMs ||= performance.now();
    bytes += chunk.length;
  });
  const peaks = new Map<number, number>();
  const sampling = setInterval(() => readPeaks(program.pid!, peaks), samplePeakMs);
  const { code, stderr } = await ended;
  clearInterval(sampling);
  if (code !== 0) throw new Error(stderr);
  const maxRssMb = [...peaks.values()].reduce((sum, mb) => sum + mb, 0);
  return { seconds: (performance.now() - firstMs) / 1000, sizeMb: bytes / 1e6, maxRssMb };
}

/** Linux keeps the largest memory of each process, so a sample misses only what grows just before the end. */
function readPeaks(pid: number, peaks: Map<number, number>): void {
  try {
    for (const each of familyOf(pid)) {
      const status = readFileSync(`/proc/${each}/status`, "utf8");
      peaks.set(each, Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024);
    }
  } catch {
    // it has ended
  }
}
