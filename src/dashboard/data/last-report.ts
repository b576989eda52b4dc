import { isRefusal } from "#client/api.ts";
import type { HealthReport } from "#protocol/health.ts";
import { api } from "./api.ts";

/** The server's database is away, so it cannot look up who asks. This is what it found last. */
export class DatabaseAway extends Error {
  readonly report: HealthReport;

  constructor(report: HealthReport) {
    super("PostgreSQL does not answer.");
    this.report = report;
  }
}

/** A frozen database keeps a request for half a minute: too long for a page that says so. */
const maxWaitMs = 300;

/**
 * Waits for an answer that needs the database.
 * @throws DatabaseAway if there is none, and this browser may read the last report
 */
export async function orLastReport<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => {}); // the race may be over before
  const late = new Promise<never>((_, reject) => setTimeout(reject, maxWaitMs, new Error("late")));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    if (isRefusal(error) && error.status > 0 && error.status < 500) throw error;
    // Refused while the database answers: then it is only slow.
    const report = await api<HealthReport>("GET", "/health/last").catch(() => null);
    if (!report) return asked;
    throw new DatabaseAway(report);
  }
}
