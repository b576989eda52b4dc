import { Command, InvalidArgumentError } from "commander";
import { connectDirectly } from "#database/direct-connection.ts";
import {
  countMonthsAhead,
  listPartitions,
  makePartitionsAhead,
  usualMonthsAhead,
} from "#database/partitions/months.ts";
import { monthLine } from "./month-line.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

const maxAhead = 120;

/** prochat partitions */
export function partitionsCommand(): Command {
  return new Command("partitions")
    .description(
      "create the missing monthly partitions of messages, as the server does every night, and list all months, archived and deleted ones too",
    )
    .option("--ahead <months>", `months ahead of now, 1 to ${maxAhead}`, monthCount, usualMonthsAhead)
    .option("--json", "report as JSON")
    .action(
      withDatabase<{ ahead: number; json?: true }>(async (url, _log, { ahead, json }) => {
        await requireMigrated(url);
        const client = await connectDirectly(url);
        try {
          const made = await makePartitionsAhead(client, ahead);
          const partitions = await listPartitions(client);
          const monthsAhead = await countMonthsAhead(client);
          if (json) console.log(JSON.stringify({ made, monthsAhead, partitions }));
          else console.log([...partitions.map(monthLine), "", summary(made, monthsAhead)].join("\n"));
        } finally {
          await client.end();
        }
      }),
    );
}

function monthCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= maxAhead) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${maxAhead}.`);
}

const summary = (made: number, monthsAhead: number) =>
  `${made === 0 ? "No partition was missing" : `Created ${made}`}. Messages have partitions for ${monthsAhead} months ahead.`;
