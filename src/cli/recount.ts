import { Command, InvalidArgumentError } from "commander";
import { connect } from "#database/connect.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

const defaultDays = 30;
const maxDays = 3650;

/** prochat recount */
export function recountCommand(): Command {
  return new Command("recount")
    .description(
      "count the unread messages and previews of conversations again, as the server does every night, and correct those that differ",
    )
    .option("--days <number>", `how far to look back, 1 to ${maxDays}`, dayCount, defaultDays)
    .option("--json", "report as JSON")
    .action(
      withDatabase<{ days: number; json?: true }>(async (url, _log, { days, json }) => {
        await requireMigrated(url);
        const { recount } = await import("#database/lifecycle/recount.ts"); // see main.ts
        const { db, close } = connect({ url, poolSize: 1, onError: () => {} });
        try {
          const corrected = await recount(db, { sinceHours: days * 24 });
          const lines = corrected.map(
            ({ websiteId, conversationId }) => `website ${websiteId}, conversation ${conversationId}`,
          );
          if (json) console.log(JSON.stringify({ corrected }));
          else console.log([summary(corrected.length, days), ...lines].join("\n"));
        } finally {
          await close();
        }
      }),
    );
}

function dayCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= maxDays) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${maxDays}.`);
}

const summary = (corrected: number, days: number) =>
  corrected === 0
    ? `The counters of all conversations of the last ${days} days are right.`
    : `Corrected ${corrected} ${corrected === 1 ? "conversation" : "conversations"}.`;
