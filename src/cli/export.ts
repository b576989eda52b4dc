import { pipeline } from "node:stream/promises";
import { Command, InvalidArgumentError } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { listMessagesBetween, type TimedMessage } from "#database/partitions/by-time.ts";
import { AppError } from "#protocol/errors.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

type Options = { website: number; from: Date; until: Date };

const pageSize = 1000;

/** prochat export */
export function exportCommand(): Command {
  return new Command("export")
    .description("write the messages of a website in a period to stdout, one JSON object per line")
    .requiredOption("--website <id>", "the website's number, as in the dashboard's URLs", websiteId)
    .option(
      "--from <time>",
      "start of the period, such as 2026-10-01 or 2026-10-01T08:00:00Z; default: the first message",
      moment,
    )
    .option("--until <time>", "end of the period, which is not included; default: now", moment)
    .addHelpText("after", "\nThe output is ordered by conversation and message number. Deleted messages are left out.")
    .action(
      withDatabase<Partial<Options> & { website: number }>(async (url, log, options) => {
        await requireMigrated(url);
        const { findWebsite } = await import("#server/features/websites/queries.ts"); // see main.ts
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          const website = await findWebsite(connection.db, options.website);
          if (!website) throw new AppError("not_found", `There is no website ${options.website}.`);
          const period = { from: options.from ?? website.createdAt, until: options.until ?? new Date() };
          if (period.from >= period.until) {
            throw new AppError("invalid_request", "--from must be before --until.");
          }
          const count = await writeMessages(connection.db, { website: options.website, ...period }, written =>
            log.info(`${written.toLocaleString("en-US")} messages written`),
          );
          log.info(`Done: ${count.toLocaleString("en-US")} messages of ${website.name}`);
        } finally {
          await connection.close();
        }
      }),
    );
}

/** Writes at the speed of stdout's reader. If the reader closes stdout, the export ends without an error. */
async function writeMessages(db: Db, p: Options, onProgress: (written: number) => void): Promise<number> {
  let written = 0;
  const lines = async function* () {
    for await (const page of pagesOf(db, p)) {
      yield page.map(message => `${JSON.stringify(message)}\n`).join("");
      written += page.length;
      if (written % (100 * pageSize) === 0) onProgress(written);
    }
  };
  await pipeline(lines, process.stdout, { end: false }).catch(error => {
    if (error.code !== "EPIPE") throw error;
  });
  return written;
}

async function* pagesOf(db: Db, { website, from, until }: Options): AsyncGenerator<TimedMessage[]> {
  let page: TimedMessage[] = [];
  do {
    const after = page.at(-1) ?? null;
    page = await listMessagesBetween(db, { websiteId: website, from, until, after, limit: pageSize });
    if (page.length > 0) yield page;
  } while (page.length === pageSize);
}

function websiteId(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0 && id < 2 ** 31) return id;
  throw new InvalidArgumentError("Give the website's number, such as 1.");
}

function moment(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("Give a date such as 2026-10-01, or a time such as 2026-10-01T08:00:00Z.");
}
