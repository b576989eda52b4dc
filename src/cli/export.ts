import { Command } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { listMessagesBetween, type TimedMessage } from "#database/partitions/by-time.ts";
import { AppError } from "#protocol/errors.ts";
import { moment, websiteId } from "./arguments.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";
import { writeLines } from "./write-lines.ts";

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
          await recordExport(connection.db, website, period);
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

/** Before the first message: what was read cannot be taken back. */
const recordExport = (
  db: Db,
  { id, name }: { id: number; name: string },
  { from, until }: { from: Date; until: Date },
) =>
  record(db, [
    {
      websiteId: id,
      action: "website.exported",
      target: { kind: "website", id: String(id), name },
      details: { from: from.toISOString(), until: until.toISOString() },
    },
  ]);

async function writeMessages(db: Db, p: Options, onProgress: (written: number) => void): Promise<number> {
  let written = 0;
  const lines = async function* () {
    for await (const page of pagesOf(db, p)) {
      yield page.map(message => JSON.stringify(message));
      written += page.length;
      if (written % (100 * pageSize) === 0) onProgress(written);
    }
  };
  await writeLines(lines());
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
