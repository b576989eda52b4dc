import { AppError } from "#protocol/errors.ts";
import { beganAt, partitionOf } from "./months.ts";

/**
 * A month is archived 60 days after its end at the earliest: its conversations take messages for 30 days, and
 * `archiveAfterDays` is 30 or more. 15 days less, because this clock may differ from the database's.
 */
const liveDays = 45;

/**
 * The table to which a batch writes a conversation's messages. For recent conversations `messages`: one statement for the
 * whole batch. For older ones the month's own table, which may be in the archive by now.
 */
export const writableTable = (conversationId: string, now = Date.now()): string =>
  beganAt(conversationId).getTime() > now - liveDays * 86_400_000 ? "messages" : partitionOf(conversationId);

type Write<Item, Result> = (items: Item[], table: string) => Promise<Result[]>;
type OfConversation = { conversationId: string };

/**
 * Writes a batch, table by table. Almost always there is one.
 * @param write  one transaction; returns one result an item, in order
 */
export async function byTable<Item extends OfConversation, Result>(
  items: Item[],
  write: Write<Item, Result>,
): Promise<Result[]> {
  try {
    return await inGroups(items, ({ conversationId }) => writableTable(conversationId), write);
  } catch (error) {
    // A clock was wrong, and a recent month is in the archive. Ids make it safe to write again.
    if (!(error instanceof AppError && error.code === "month_gone")) throw error;
    return inGroups(items, ({ conversationId }) => partitionOf(conversationId), write);
  }
}

async function inGroups<Item extends OfConversation, Result>(
  items: Item[],
  tableOf: (item: Item) => string,
  write: Write<Item, Result>,
): Promise<Result[]> {
  const groups = Map.groupBy(items, tableOf);
  if (groups.size === 1) return write(items, groups.keys().next().value!);
  const results = new Map<Item, Result>();
  for (const [table, group] of groups) {
    const written = await write(group, table);
    for (const [i, item] of group.entries()) results.set(item, written[i]!);
  }
  return items.map(item => results.get(item)!);
}
