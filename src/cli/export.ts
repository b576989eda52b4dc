import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { connect } from "#database/connect.ts";
import { connectDirectly } from "#database/direct-connection.ts";
import type { ExportOptions } from "#database/export/export.ts";
import type { ExportedTable, Scope } from "#database/export/scope.ts";
import type { Log } from "#platform/log.ts";
import { AppError } from "#protocol/errors.ts";
import { moment, month, uuid, websiteId } from "./arguments.ts";
import { countProgress } from "./count-progress.ts";
import { flatMemory } from "./flat-memory.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

const formats = ["ndjson", "json", "csv", "parquet"] as const;
type Format = (typeof formats)[number];

type Options = {
  website: number;
  from?: Date;
  until?: Date;
  month?: string;
  conversation?: string;
  visitor?: string;
  format?: Format;
  table?: ExportedTable;
  output?: string;
  gzip?: true;
};

/** prochat export */
export function exportCommand(): Command {
  return new Command("export")
    .description("write the messages of a website, a month, a visitor or a conversation, to stdout or to a file")
    .requiredOption("--website <id>", "the website's number, as in the dashboard's URLs", websiteId)
    .option(
      "--from <time>",
      "start of the period, such as 2026-10-01 or 2026-10-01T08:00:00Z; default: the first message",
      moment,
    )
    .option("--until <time>", "end of the period, which is not included; default: now", moment)
    .option("--month <month>", "conversations that began in the month, such as 2026-10", month)
    .option("--visitor <id>", "one visitor with all conversations", uuid)
    .option("--conversation <id>", "one conversation", uuid)
    .addOption(new Option("--format <format>", "default: by the name of the file, otherwise ndjson").choices(formats))
    .addOption(
      new Option("--table <table>", "default: messages; json has all three").choices([
        "messages",
        "conversations",
        "visitors",
      ]),
    )
    .option("--output <file>", "write to this file, which appears when it is whole")
    .option("--gzip", "compress; also when the name of the file ends with .gz")
    .addHelpText("after", help)
    .action(withDatabase<Options>((url, log, options) => run(url, log, options)));
}

const help = `
ndjson has one JSON object per line, csv opens in a spreadsheet, parquet in analytics tools. Messages are ordered by
conversation and number. What was deleted is left out. See docs/exports.md.

Examples:
  prochat export --website 1 --month 2026-10 --output october.csv
  prochat export --website 1 --visitor 019ad0d4-… --output visitor.json.gz`;

async function run(url: string, log: Log, options: Options): Promise<void> {
  const { format, isGzipped } = readFormat(options);
  await requireMigrated(url);
  const { findWebsite } = await import("#server/features/websites/queries.ts"); // see main.ts
  const { exportRows } = await import("#database/export/export.ts");
  const { exportRecord } = await import("#server/features/exports/record.ts");
  const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
  try {
    const website = await findWebsite(connection.db, options.website);
    if (!website) throw new AppError("not_found", `There is no website ${options.website}.`);
    const scope = scopeOf(options, website.createdAt);
    const client = await connectDirectly(url);
    const progress = countProgress(log, "rows");
    try {
      const collectGarbage = flatMemory();
      const onRows = (count: number) => {
        progress.add(count);
        collectGarbage();
      };
      const wanted: ExportOptions = { scope, format, table: options.table ?? null, isGzipped, onRows };
      const rows = exportRows(client, wanted);
      // Before the first row: what was read cannot be taken back.
      await record(connection.db, [exportRecord(scope, format, website.name)]);
      await write(rows, options.output);
    } finally {
      progress.end();
      await client.end();
    }
    const total = progress.total();
    const done = `${total.toLocaleString("en-US")} ${total === 1 ? "row" : "rows"} of ${website.name}`;
    if (options.output) console.log(`${options.output}: ${done}`);
    else log.info(`Done: ${done}`);
  } finally {
    await connection.close();
  }
}

/** @throws AppError "invalid_request" for options that exclude each other */
function scopeOf({ website, ...p }: Options, createdAt: Date): Scope {
  const period = p.from || p.until ? ["--from or --until"] : [];
  const given = (["month", "visitor", "conversation"] as const).filter(name => p[name]).map(name => `--${name}`);
  if (given.length + period.length > 1) {
    throw new AppError("invalid_request", `${[...period, ...given].join(" and ")} exclude each other. Give one.`);
  }
  if (p.conversation) return { kind: "conversation", websiteId: website, conversationId: p.conversation };
  if (p.visitor) return { kind: "visitor", websiteId: website, visitorId: p.visitor };
  if (p.month) return { kind: "month", websiteId: website, month: p.month };
  const scope = { from: p.from ?? createdAt, until: p.until ?? new Date() };
  if (scope.from >= scope.until) throw new AppError("invalid_request", "--from must be before --until.");
  return { kind: "website", websiteId: website, ...scope };
}

const endings: Record<string, Format> = {
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  csv: "csv",
  parquet: "parquet",
};

function readFormat({ output = "", ...p }: Options): { format: Format; isGzipped: boolean } {
  const isGzipped = p.gzip ?? output.endsWith(".gz");
  const format = p.format ?? endings[output.replace(/\.gz$/, "").split(".").at(-1) ?? ""] ?? "ndjson";
  if (format !== "parquet" || !isGzipped) return { format, isGzipped };
  throw new AppError("invalid_request", "Parquet is compressed already. Leave out --gzip, or .gz in the file's name.");
}

/** A file appears when it is whole. If the reader closes stdout, it ends without an error. */
async function write(rows: NodeJS.ReadableStream, output: string | undefined): Promise<void> {
  if (!output) {
    await pipeline(rows, process.stdout, { end: false }).catch(error => {
      if (error.code !== "EPIPE") throw error;
    });
    return;
  }
  const temporary = `${output}.${randomUUID().slice(0, 8)}.unfinished`;
  try {
    await pipeline(rows, createWriteStream(temporary, { mode: 0o600, flags: "wx", flush: true }));
    await rename(temporary, output);
  } catch (error) {
    await rm(temporary, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall || !code) throw error;
    throw new AppError("invalid_request", `${output} cannot be written: ${code}. Nothing was left there.`, {
      cause: error,
    });
  }
}
