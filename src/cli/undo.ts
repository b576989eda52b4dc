import { Command } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { TrashEntry, TrashPage } from "#protocol/trash.ts";
import type { BroughtBack } from "#server/features/trash/bring-back.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";
import { writeLines } from "./write-lines.ts";

const pageSize = 1000;

/** prochat undo */
export function undoCommand(): Command {
  return new Command("undo")
    .description("list what was deleted and can be brought back, or bring one thing back")
    .argument("[id]", "of what is brought back; without it, everything is listed")
    .option("--json", "one JSON object per line")
    .addHelpText(
      "after",
      "\nThe last deletion first. The page Trash in the dashboard's settings does the same for a website.",
    )
    .action(
      withDatabase<{ json?: true }>(async (url, log, { json }, [id]) => {
        await requireMigrated(url);
        const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
        try {
          if (id === undefined) return await print(connection.db, json === true);
          const { kind, broughtBack } = await bringBack(connection.db, id.toLowerCase());
          // Open dashboards get it at once, not with the next heartbeat.
          const { broughtBackJob } = await import("#server/jobs.ts");
          const { addJob } = await import("#platform/jobs/cron.ts");
          await addJob(connection.pool, await findJobsSchema(connection.pool), broughtBackJob, broughtBack);
          console.log(`The ${kind} is back.`);
        } finally {
          await connection.close();
        }
      }),
    );
}

type Website = Pick<TrashEntry, "id" | "deletedAt" | "reason" | "purgedAt"> & {
  kind: "website";
  name: string;
  deletedBy: { name: string } | null;
};

type Found = (TrashEntry | Website) & { websiteId: number };

async function bringWebsiteBack(db: Db, websiteId: number): Promise<{ kind: "website"; broughtBack: BroughtBack }> {
  const { bringBackWebsite } = await import("#server/features/trash/website-actions.ts"); // see main.ts
  return db.transaction().execute(async tx => {
    const { record: entry, memberIds } = await bringBackWebsite(tx, websiteId, null);
    await record(tx, [entry]);
    return { kind: "website", broughtBack: { websiteId, conversationIds: [], memberIds } };
  });
}

async function bringBack(db: Db, id: string): Promise<{ kind: string; broughtBack: BroughtBack }> {
  if (WebsiteId.safeParse(id).success) return bringWebsiteBack(db, Number(id));
  if (!Uuid.safeParse(id).success) {
    throw new AppError("invalid_request", `"${id}" is no id of something deleted. prochat undo lists them.`);
  }
  const { bringBackAny } = await import("#server/features/trash/bring-back.ts"); // see main.ts
  let refusal: unknown;
  for (const websiteId of await listWebsiteIds(db)) {
    try {
      return await db.transaction().execute(async tx => {
        const { record: entry, ...back } = await bringBackAny(tx, { websiteId, id });
        await record(tx, [entry]);
        return back;
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Of another website, or of none. The one that knows when it went says more.
      if (!refusal || !isUnknown(error)) refusal = error;
    }
  }
  throw refusal ?? new AppError("not_found", "There is no website here.");
}

const isUnknown = ({ message }: AppError) => message.includes("not in the trash");

async function print(db: Db, asJson: boolean): Promise<void> {
  const lines = async function* () {
    let isEmpty = true;
    for await (const page of pagesOf(db)) {
      isEmpty = false;
      yield page.map(asJson ? found => JSON.stringify(found) : describe);
    }
    if (isEmpty && !asJson) yield [`Nothing was deleted in the last ${limits.undoDays} days.`];
  };
  await writeLines(lines());
}

async function* pagesOf(db: Db): AsyncGenerator<Found[]> {
  const { listAllDeletedWebsites } = await import("#server/features/trash/website-queries.ts");
  const { purgedAt } = await import("#database/lifecycle/undoable.ts");
  const websites = await listAllDeletedWebsites(db);
  if (websites.length > 0) {
    yield websites.map(({ id, name, deletedAt, deletedByName, reason }) => ({
      websiteId: id,
      kind: "website" as const,
      id: String(id),
      name,
      deletedAt: deletedAt.toISOString(),
      deletedBy: deletedByName === null ? null : { name: deletedByName },
      reason,
      purgedAt: purgedAt(deletedAt).toISOString(),
    }));
  }
  const { listTrash } = await import("#server/features/trash/list.ts");
  for (const websiteId of await listWebsiteIds(db)) {
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor; isFirst = false) {
      const page: TrashPage = await listTrash(db, { websiteId, cursor, limit: pageSize });
      if (page.entries.length > 0) yield page.entries.map(entry => ({ websiteId, ...entry }));
      cursor = page.nextCursor;
    }
  }
}

function describe({ websiteId, kind, id, deletedAt, deletedBy, reason, purgedAt }: Found): string {
  const time = (moment: string) => moment.slice(0, 16).replace("T", " ");
  const who = deletedBy?.name || "-";
  return [time(deletedAt), websiteId, kind.padEnd("conversation".length), id, `until ${time(purgedAt)}`, who, reason]
    .join("  ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?")
    .trimEnd();
}
