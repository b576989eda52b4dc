import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";

const HoldReason = z.string().trim().min(1, "is empty: say why, such as the name of the case").max(500);

export const HoldTarget = z.object({
  targetKind: z.enum(["conversation", "visitor"]),
  targetId: Uuid.describe("of the conversation, or of the visitor, with all conversations"),
});

export const HoldPlaced = HoldTarget.extend({ reason: HoldReason });

export const HoldLifted = z.object({ targetId: Uuid, reason: HoldReason });

/** A legal hold: nothing deletes what it names until it is lifted. */
export const Hold = HoldTarget.extend({
  reason: z.string(),
  placedBy: z.object({ id: Uuid, name: z.string() }).nullable(),
  placedAt: Moment,
});
export type Hold = z.infer<typeof Hold>;

/** The last one first. */
export const HoldList = z.object({ holds: z.array(Hold) });
export type HoldList = z.infer<typeof HoldList>;
