import { Command } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { TrashEntry } from "#protocol/trash.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";
import { writeLines } from "./write-lines.ts";

type Found = TrashEntry & { websiteId: number };

const pageSize = 1000;

/** prochat undo */
export function undoCommand(): Command {
  return new Command("undo")
    .description("list the deleted conversations that can be brought back, or bring one back")
    .argument("[conversation]", "the conversation's id; without it, all are listed")
    .option("--json", "one JSON object per line")
    .addHelpText(
      "after",
      "\nThe last deletion first. The page Trash in the dashboard's settings does the same for a website.",
    )
    .action(
      withDatabase<{ json?: true }>(async (url, log, { json }, [conversationId]) => {
        await requireMigrated(url);
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          if (conversationId === undefined) return await print(connection.db, json === true);
          await bringBack(connection.db, conversationId.toLowerCase());
          console.log("The conversation is back. Dashboards that are open show it after a reload.");
        } finally {
          await connection.close();
        }
      }),
    );
}

async function bringBack(db: Db, conversationId: string): Promise<void> {
  if (!Uuid.safeParse(conversationId).success) {
    throw new AppError("invalid_request", `"${conversationId}" is no id of a conversation. prochat undo lists them.`);
  }
  const { restore, restored } = await import("#server/features/trash/actions.ts"); // see main.ts
  let refusal: unknown;
  for (const websiteId of await listWebsiteIds(db)) {
    const key = { websiteId, conversationId };
    try {
      return await db.transaction().execute(async tx => {
        await restore(tx, key);
        await record(tx, [restored(key)]);
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal = error; // of another website, or of none
    }
  }
  throw refusal ?? new AppError("not_found", "There is no website here.");
}

async function print(db: Db, asJson: boolean): Promise<void> {
  const lines = async function* () {
    for await (const page of pagesOf(db)) yield page.map(asJson ? found => JSON.stringify(found) : describe);
  };
  await writeLines(lines());
}

async function* pagesOf(db: Db): AsyncGenerator<Found[]> {
  const { asEntry } = await import("#server/features/trash/feature.ts");
  const { listTrash } = await import("#server/features/trash/queries.ts");
  for (const websiteId of await listWebsiteIds(db)) {
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor; isFirst = false) {
      const page: Awaited<ReturnType<typeof listTrash>> = await listTrash(db, { websiteId, cursor, limit: pageSize });
      if (page.rows.length > 0) yield page.rows.map(row => ({ websiteId, ...asEntry(row) }));
      cursor = page.nextCursor;
    }
  }
}

function describe({ websiteId, conversationId, deletedAt, deletedBy, reason, purgedAt }: Found): string {
  const time = (moment: string) => moment.slice(0, 16).replace("T", " ");
  const who = deletedBy?.name || "-";
  return [time(deletedAt), websiteId, conversationId, `until ${time(purgedAt)}`, who, reason]
    .join("  ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?")
    .trimEnd();
}
