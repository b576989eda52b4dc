import { sql } from "#database/sql.ts";
import { limits } from "#protocol/limits.ts";

/** The oldest moment of a deletion that can still be undone. */
export const undoable = sql`now() - make_interval(days => ${limits.undoDays})`;

export const purgedAt = (deletedAt: Date): Date => new Date(deletedAt.getTime() + limits.undoDays * 86_400_000);

/** The day on which something goes for good, or went, in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
