import type { Db } from "#database/connect.ts";
import { dayOf, purgedAt } from "#database/lifecycle/undoable.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { findPurge } from "./queries.ts";

type Asked = {
  websiteId: number;
  kind: "conversation" | "visitor";
  id: string;
  /** of a row whose time is over; null: there is no such row in the trash */
  deletedAt: Date | null;
};

/** Why something cannot be brought back, and when it went. */
export async function notInTrash(tx: Db, { websiteId, kind, id, deletedAt }: Asked): Promise<AppError> {
  const days = `${limits.undoDays} days after its deletion`;
  const wentAt = deletedAt ? purgedAt(deletedAt) : await findPurge(tx, { websiteId, action: `${kind}.purged`, id });
  if (wentAt) return new AppError("not_found", `This ${kind} went for good on ${dayOf(wentAt)}, ${days}.`);
  return new AppError("not_found", `This ${kind} is not in the trash. It was not deleted, or it was brought back.`);
}
