import type { Db } from "#database/connect.ts";
import type { Source } from "./checks/check.ts";
import { findPastCounters, listHistory } from "./store.ts";

/** Nothing of it is known while the database is away. */
export async function readPast(db: Db): Promise<Pick<Source, "earlier" | "previous" | "sizes">> {
  try {
    const counters = await findPastCounters(db);
    const days = await listHistory(db, "day");
    const sizes = days.flatMap(({ at, figures }) =>
      figures["database-size"] === undefined ? [] : [{ at, bytes: figures["database-size"] }],
    );
    return { ...counters, sizes };
  } catch {
    return { earlier: null, previous: null, sizes: [] };
  }
}
