import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Command } from "commander";
import { connect } from "#database/connect.ts";
import { type ImportReport, importConversations } from "#database/importing/import.ts";
import { AppError } from "#protocol/errors.ts";
import { websiteId } from "./arguments.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

type Options = { website: number; dryRun?: true; json?: true };

const explanation = `
Each line is a conversation: {"id": "4711", "visitor": {"name": "Zoë"}, "messages": [{"author": "visitor", "at":
"2026-10-01T08:00:00Z", "body": "Hello"}]}. docs/import.md describes all fields. Run it again after it was stopped: what is
there already is left as it is. Nothing is sent to visitors or agents; dashboards show it after a reload.`;

/** prochat import */
export function importCommand(): Command {
  return new Command("import")
    .description("import conversations from another chat: JSON lines from a file, .gz too, or from stdin")
    .argument("<file>", "the file; - reads stdin")
    .requiredOption("--website <id>", "the website's number, as in the dashboard's URLs", websiteId)
    .option("--dry-run", "read and check all lines, and write nothing")
    .option("--json", "report as JSON")
    .addHelpText("after", explanation)
    .action(
      withDatabase<Options>(async (url, log, options, [file]) => {
        await requireMigrated(url);
        const { findWebsite } = await import("#server/features/websites/queries.ts"); // see main.ts
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          const website = await findWebsite(connection.db, options.website);
          if (!website) throw new AppError("not_found", `There is no website ${options.website}.`);
          const isDryRun = options.dryRun === true;
          const report = await importConversations(connection.db, linesOf(file!), {
            ...{ websiteId: website.id, isDryRun },
            onProgress: ({ lines }) => process.stderr.isTTY && process.stderr.write(`\r${lines} lines`),
          });
          if (process.stderr.isTTY) process.stderr.write("\r");
          if (!isDryRun) {
            const target = { kind: "website" as const, id: String(website.id), name: website.name };
            const { conversations, messages } = report;
            const entry = { websiteId: website.id, action: "website.imported" as const, target };
            await record(connection.db, [{ ...entry, details: { conversations, messages } }]);
          }
          console.log(options.json ? JSON.stringify({ isDryRun, ...report }) : describe(report, isDryRun));
        } finally {
          await connection.close();
        }
      }),
    );
}

/** @throws AppError "invalid_request" if the file cannot be read */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source: Readable = file === "-" ? process.stdin : createReadStream(file);
  const input: Readable = file.endsWith(".gz") ? source.pipe(createGunzip()) : source;
  const failed = new Promise<never>((_, reject) => {
    for (const stream of [source, input]) stream.on("error", reject);
  });
  failed.catch(() => {}); // the loop below rejects with it
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]).catch(cause => {
      throw new AppError("invalid_request", `${file} cannot be read: ${(cause as Error).message}.`, { cause });
    });
    if (next.done) return;
    yield next.value;
  }
}

function describe(report: ImportReport, isDryRun: boolean): string {
  const number = (value: number) => value.toLocaleString("en-US");
  const { conversations, messages, alreadyHere, unknownAgents, examples } = report;
  const done = isDryRun ? "would be imported (if they are not there yet)" : "imported";
  const reasons = (counts: Record<string, number>, what: string) =>
    Object.entries(counts).map(([reason, count]) => `${number(count)} ${what} left out: ${reason}`);
  return [
    `${number(report.lines)} lines: ${number(conversations)} conversations with ${number(messages)} messages ${done}`,
    ...(alreadyHere > 0 ? [`${number(alreadyHere)} conversations were there already`] : []),
    ...reasons(report.linesLeftOut, "lines"),
    ...reasons(report.messagesLeftOut, "messages"),
    ...examples.map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(unknownAgents.length > 0
      ? [`No member of the website, so their messages have no name: ${unknownAgents.join(", ")}. Invite them first.`]
      : []),
  ].join("\n");
}
