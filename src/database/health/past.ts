import type { Db } from "#database/connect.ts";
import type { Source } from "./checks/check.ts";
import { findEarlierCounters, listHistory } from "./store.ts";

/** Nothing of it is known while the database is away. */
export async function readPast(db: Db): Promise<Pick<Source, "earlier" | "sizes">> {
  try {
    const earlier = await findEarlierCounters(db);
    const days = await listHistory(db, "day");
    const sizes = days.flatMap(({ at, figures }) =>
      figures["database-size"] === undefined ? [] : [{ at, bytes: figures["database-size"] }],
    );
    return { earlier, sizes };
  } catch {
    return { earlier: null, sizes: [] };
  }
}
