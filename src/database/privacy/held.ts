import type { Db } from "#database/connect.ts";
import { exported } from "./exported-tables.ts";
import { type HeldRow, listConversationIds, listOfConversation, listOfVisitor, pageSize } from "./held-queries.ts";

type Key = { websiteId: number; visitorId: string };

/**
 * The rows that are kept of a person in a table, each as JSON, in the order of its key; deleted ones too, as long as they are
 * kept. A page of them at a time is in memory.
 */
export async function* rowsHeld(db: Db, key: Key, table: string): AsyncGenerator<string[]> {
  const { of } = exported.find(({ name }) => name === table)!;
  if (of === "visitor") return yield* pagesOf(after => listOfVisitor(db, { ...key, table, after }));
  for await (const conversations of pagesOf(after => listConversationIds(db, { ...key, after }))) {
    for (const conversationId of conversations) {
      yield* pagesOf(after => listOfConversation(db, { ...key, table, conversationId, after }));
    }
  }
}

async function* pagesOf(list: (after: string | null) => Promise<HeldRow[]>): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const page = await list(after);
    if (page.length > 0) yield page.map(({ row }) => row);
    if (page.length < pageSize) return;
    after = page.at(-1)!.place;
  }
}
