import type { Db } from "#database/connect.ts";
import { monthOf, partitionOf } from "#database/partitions/months.ts";
import { listMonths } from "#database/retention/months.ts";
import type { MonthState } from "#protocol/retention.ts";
import { exported } from "./exported-tables.ts";
import { type HeldRow, listConversationIds, listOfConversation, listOfVisitor, pageSize } from "./held-queries.ts";

type Key = { websiteId: number; visitorId: string };

/** Where each month was when the reading began, such as 2026-10. */
export type MonthStates = ReadonlyMap<string, MonthState>;

export const readMonthStates = async (db: Db): Promise<MonthStates> =>
  new Map((await listMonths(db)).map(({ month, state }) => [month, state]));

/**
 * The rows that are kept of a person in a table, each as JSON, in the order of its key; deleted ones too, as long as they are
 * kept. A page of them at a time is in memory. Messages are read from the months' own tables: one that moves meanwhile, or is
 * detached, is read too, once.
 */
export async function* rowsHeld(db: Db, key: Key, table: string, months: MonthStates): AsyncGenerator<string[]> {
  const { of } = exported.find(({ name }) => name === table)!;
  if (of === "visitor") return yield* pagesOf(after => listOfVisitor(db, { ...key, table, after }));
  for await (const conversations of pagesOf(after => listConversationIds(db, { ...key, after }))) {
    for (const conversationId of conversations) {
      const from = tableOf(table, conversationId, months);
      if (from) yield* pagesOf(after => listOfConversation(db, { ...key, table, from, conversationId, after }));
    }
  }
}

/** null: the conversation's month is no part of this table. */
function tableOf(table: string, conversationId: string, months: MonthStates): string | null {
  if (table !== "messages" && table !== "messages_archive") return table;
  const state = months.get(monthOf(conversationId)) ?? "live";
  if (state === "dropped" || (state === "live") !== (table === "messages")) return null;
  return partitionOf(conversationId);
}

async function* pagesOf(list: (after: string | null) => Promise<HeldRow[]>): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const page = await list(after);
    if (page.length > 0) yield page.map(({ row }) => row);
    if (page.length < pageSize) return;
    after = page.at(-1)!.place;
  }
}
