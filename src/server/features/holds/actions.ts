import type { Db } from "#database/connect.ts";
import { AppError } from "#protocol/errors.ts";
import type { Hold } from "#protocol/holds.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { deleteHold, insertHold, lockTarget } from "./queries.ts";

type Placed = { db: Db; websiteId: number; targetId: string; targetKind: Hold["targetKind"]; reason: string };

/** @throws AppError "not_found" if there is no such visitor or conversation, "conflict" if it is held already */
export const placeHold = (ctx: Ctx, by: ByUser, p: Placed): Promise<void> =>
  transact(ctx, p.db, async (tx, events) => {
    if (!(await lockTarget(tx, p))) throw new AppError("not_found", `There is no such ${p.targetKind} here.`);
    if (!(await insertHold(tx, { ...p, by: by.user.id }))) {
      throw new AppError("conflict", `This ${p.targetKind} is held already. Lift that hold to give another reason.`);
    }
    events.audit(by, { ...recordOf(p), action: "hold.placed", details: { reason: p.reason } });
  });

/** @throws AppError "not_found" */
export const liftHold = (ctx: Ctx, by: ByUser, p: Omit<Placed, "targetKind">): Promise<void> =>
  transact(ctx, p.db, async (tx, events) => {
    const targetKind = await deleteHold(tx, p);
    if (!targetKind) throw new AppError("not_found", "There is no such hold here. It was lifted.");
    events.audit(by, { ...recordOf({ ...p, targetKind }), action: "hold.lifted", details: { reason: p.reason } });
  });

const recordOf = ({ websiteId, targetKind, targetId }: Pick<Placed, "websiteId" | "targetKind" | "targetId">) => ({
  websiteId,
  target: { kind: targetKind, id: targetId, name: "" },
});
