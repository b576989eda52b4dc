import type { Db } from "#database/connect.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type Publisher, transact } from "#server/declaration/transact.ts";
import { type ConversationChange, lockConversation, updateConversation } from "./queries.ts";
import { type ConversationRow, notFound } from "./row.ts";
import { publishConversation, publishToAgents } from "./view.ts";

type Target = { db: Db; websiteId: number; conversationId: string };

/** For other nouns: changes a conversation's row under its lock, and publishes it to agents. @throws AppError "not_found" */
export function changeConversation(
  ctx: Ctx,
  p: Target,
  decide: (tx: Db, row: ConversationRow) => Promise<ConversationChange>,
): Promise<ConversationRow> {
  return transact(ctx, p.db, async (tx, events) => {
    await updateConversation(tx, p, await decide(tx, await getLocked(tx, p)));
    const row = await getLocked(tx, p);
    publishToAgents(ctx, events, row);
    return row;
  });
}

async function getLocked(tx: Db, p: Target): Promise<ConversationRow> {
  const row = await lockConversation(tx, p);
  if (!row) throw notFound();
  return row;
}

/** Publishes conversations that were changed in a larger transaction. */
export function publishChanges(ctx: Ctx, events: Publisher, rows: ConversationRow[]): void {
  for (const row of rows) publishConversation(ctx, events, row);
}
