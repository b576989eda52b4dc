import type { Db } from "#database/connect.ts";
import type { TrashEntry } from "#protocol/trash.ts";
import type { AuditRecord } from "#server/declaration/audit-record.ts";
import { restore, restored } from "./actions.ts";
import { findKind } from "./queries.ts";
import { bringBackVisitor } from "./visitor-actions.ts";

type Back = { kind: TrashEntry["kind"]; record: AuditRecord };

/**
 * Brings back whatever has this id, for those who do not know its kind.
 * @throws AppError "not_found" if it is not in the trash, with the day on which it went
 */
export async function bringBackAny(tx: Db, { websiteId, id }: { websiteId: number; id: string }): Promise<Back> {
  const kind = await findKind(tx, { websiteId, id });
  if (kind === "visitor") {
    return { kind, record: (await bringBackVisitor(tx, { websiteId, visitorId: id })).record };
  }
  const key = { websiteId, conversationId: id };
  await restore(tx, key);
  return { kind: "conversation", record: restored(key) };
}
