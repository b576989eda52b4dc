import { migrationStatus, refuseNewer } from "#database/migrations/status.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * Checks that all migrations of this version, and no others, are applied to the database.
 * @returns their number
 * @throws AppError "database_newer", or "conflict" if some are pending
 */
export async function requireMigrated(url: string): Promise<number> {
  const states = await migrationStatus(url);
  refuseNewer(url, states);
  const pending = states.filter(state => !state.appliedAt).map(state => state.name);
  if (pending.length > 0)
    throw new AppError("conflict", `Pending migrations: ${pending.join(", ")}. Run prochat migrate.`);
  return states.length;
}
