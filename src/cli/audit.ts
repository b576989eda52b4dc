import { Command, Option } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { auditActions } from "#protocol/audit-actions.ts";
import type { AuditRow } from "#server/features/audit/queries.ts";
import { moment, websiteId } from "./arguments.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";
import { writeLines } from "./write-lines.ts";

type Options = { website?: number; since?: Date; action?: string; json?: true };

const pageSize = 1000;
const defaultDays = 30;

const explanation = `
Oldest first: time (UTC), website, person, address, action, target, details. Website 0 is the installation itself: its
migrations, and sign-ins with an e-mail address that has no account. The dashboard shows each website's entries too.`;

/** prochat audit */
export function auditCommand(): Command {
  return new Command("audit")
    .description("print the audit log: who did what, when and from where")
    .option("--website <id>", "one website only: the number in the dashboard's addresses", websiteId)
    .option(
      "--since <time>",
      `start, such as 2026-10-01 or 2026-10-01T08:00:00Z; default: ${defaultDays} days ago`,
      moment,
    )
    .addOption(new Option("--action <name>", "one action only").choices(auditActions))
    .option("--json", "one JSON object per line")
    .addHelpText("after", explanation)
    .action(
      withDatabase<Options>(async (url, log, options) => {
        await requireMigrated(url);
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          await print(connection.db, options);
        } finally {
          await connection.close();
        }
      }),
    );
}

async function print(db: Db, options: Options): Promise<void> {
  // See main.ts.
  const { asEntry } = await import("#server/features/audit/view.ts");
  const toJson = (row: AuditRow) =>
    JSON.stringify({ websiteId: row.websiteId, ...asEntry(row), userAgent: row.userAgent });
  const lines = async function* () {
    for await (const page of pagesOf(db, options)) yield options.json ? page.map(toJson) : table(page.map(cells));
  };
  await writeLines(lines());
}

async function* pagesOf(db: Db, { website, since, action }: Options): AsyncGenerator<AuditRow[]> {
  const { listEntriesSince } = await import("#server/features/audit/queries.ts");
  const filter = {
    websiteId: website ?? null,
    action: action ?? null,
    since: since ?? new Date(Date.now() - defaultDays * 86_400_000),
  };
  let page: AuditRow[] = [];
  do {
    page = await listEntriesSince(db, { ...filter, after: page.at(-1)?.id ?? null, limit: pageSize });
    if (page.length > 0) yield page;
  } while (page.length === pageSize);
}

const cells = (row: AuditRow): string[] => [
  row.at.toISOString().slice(0, 19).replace("T", " "),
  String(row.websiteId),
  actorOf(row),
  row.ip ?? "-",
  row.action,
  row.targetName || row.targetId || "-",
  Object.entries(row.details)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" "),
];

function actorOf({ actorKind, actorName, actorId }: AuditRow): string {
  if (actorKind === "user") return actorName;
  if (actorKind === "visitor") return `visitor ${actorId}`;
  return actorKind === "system" ? `command line${actorName && ` (${actorName})`}` : "unknown";
}

function table(rows: string[][]): string[] {
  const printable = rows.map(row => row.map(withoutControls));
  const widths = printable[0]!.map((_, column) => Math.max(...printable.map(row => row[column]!.length)));
  return printable.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** Users choose names. A name must not control the terminal. */
const withoutControls = (text: string) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");
