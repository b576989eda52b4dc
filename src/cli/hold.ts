import { Command, InvalidArgumentError } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { AppError } from "#protocol/errors.ts";
import type { Hold } from "#protocol/holds.ts";
import { uuid, websiteId as websiteNumber } from "./arguments.ts";
import { record } from "./record.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";
import { writeLines } from "./write-lines.ts";

type Place = { reason: string; json?: true };
type Held = { websiteId: number } & Pick<Hold, "targetKind" | "targetId">;

const idHelp = "the id of a conversation or of a visitor, as the dashboard shows it in the details of a conversation";

/** prochat hold */
export function holdCommand(): Command {
  return new Command("hold")
    .description("legal holds: what they name is kept, whatever the retention, the trash and an erasure say")
    .addCommand(
      new Command("add")
        .description("keep a conversation, or a visitor with all conversations, until the hold is released")
        .argument("<id>", idHelp, uuid)
        .requiredOption(
          "--reason <text>",
          "such as the number of a case; shown with the hold and in the audit log",
          reason,
        )
        .option("--json", "one JSON object")
        .action(withDb<Place>(add)),
    )
    .addCommand(
      new Command("list")
        .description("list the legal holds, the last one of each website first")
        .option("--website <number>", "those of one website", websiteNumber)
        .option("--json", "one JSON object per line")
        .action(withDb<{ website?: number; json?: true }>(list)),
    )
    .addCommand(
      new Command("release")
        .description("release a hold; what is due for deletion goes with the next run of the retention or the trash")
        .argument("<id>", idHelp, uuid)
        .requiredOption("--reason <text>", "for the audit log", reason)
        .option("--json", "one JSON object")
        .action(withDb<Place>(release)),
    );
}

function withDb<Options>(work: (db: Db, options: Options, id: string) => Promise<void>) {
  return withDatabase<Options>(async (url, log, options, [id]) => {
    await requireMigrated(url);
    const connection = connect({ url, poolSize: 1, onError: ({ message }) => log.warn(message) });
    try {
      await work(connection.db, options, id ?? "");
    } finally {
      await connection.close();
    }
  });
}

async function add(db: Db, { reason: why, json }: Place, targetId: string): Promise<void> {
  const { insertHold, lockTarget } = await import("#server/features/holds/queries.ts"); // see main.ts
  for (const websiteId of await listWebsiteIds(db)) {
    for (const targetKind of ["conversation", "visitor"] as const) {
      const held = { websiteId, targetKind, targetId };
      const isPlaced = await db.transaction().execute(async tx => {
        if (!(await lockTarget(tx, held))) return false;
        if (!(await insertHold(tx, { ...held, reason: why, by: null }))) {
          throw new AppError(
            "conflict",
            `This ${targetKind} is held already. Release that hold to give another reason.`,
          );
        }
        await record(tx, [{ ...recordOf(held), action: "hold.placed", details: { reason: why } }]);
        return true;
      });
      if (isPlaced) return say(held, json, `The ${nameOf(targetKind)} of website ${websiteId} is held.`);
    }
  }
  throw new AppError("not_found", `There is no conversation and no visitor ${targetId}.`);
}

async function release(db: Db, { reason: why, json }: Place, targetId: string): Promise<void> {
  const { deleteHold } = await import("#server/features/holds/queries.ts"); // see main.ts
  for (const websiteId of await listWebsiteIds(db)) {
    const held = await db.transaction().execute(async tx => {
      const targetKind = await deleteHold(tx, { websiteId, targetId });
      if (!targetKind) return null;
      const released = { websiteId, targetKind, targetId };
      await record(tx, [{ ...recordOf(released), action: "hold.lifted", details: { reason: why } }]);
      return released;
    });
    if (held) return say(held, json, `The ${nameOf(held.targetKind)} of website ${websiteId} is not held any more.`);
  }
  throw new AppError("not_found", `Nothing holds ${targetId}. prochat hold list shows all holds.`);
}

async function list(db: Db, { website, json }: { website?: number; json?: true }): Promise<void> {
  const { listHolds } = await import("#server/features/holds/queries.ts"); // see main.ts
  const lines = async function* () {
    let isEmpty = true;
    for (const websiteId of website === undefined ? await listWebsiteIds(db) : [website]) {
      const holds = await listHolds(db, websiteId);
      if (holds.length > 0) isEmpty = false;
      yield holds.map(hold => (json ? JSON.stringify({ websiteId, ...hold }) : describe({ websiteId, ...hold })));
    }
    if (isEmpty && !json) yield ["There is no legal hold."];
  };
  await writeLines(lines());
}

const nameOf = (kind: Hold["targetKind"]) => (kind === "visitor" ? "visitor with all conversations" : "conversation");

function say(held: Held, json: true | undefined, text: string): void {
  console.log(json ? JSON.stringify(held) : text);
}

const recordOf = ({ websiteId, targetKind, targetId }: Held) => ({
  websiteId,
  target: { kind: targetKind, id: targetId, name: "" },
});

type Listed = Held & { placedAt: Date; placedByName: string | null; reason: string };

const describe = ({ websiteId, targetKind, targetId, placedAt, placedByName, reason: why }: Listed): string =>
  [
    placedAt.toISOString().slice(0, 16).replace("T", " "),
    websiteId,
    targetKind.padEnd("conversation".length),
    targetId,
    placedByName ?? "-",
    why,
  ]
    .join("  ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");

/** As the dashboard takes it. */
function reason(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > 0 && trimmed.length <= 500) return trimmed;
  throw new InvalidArgumentError("Give a reason of up to 500 characters.");
}
