import { migrationStatus, refuseNewer } from "#database/migrations/migrate.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * That a database is of this version.
 * @returns how many migrations it has
 * @throws AppError "database_newer", or "conflict" when some are to be applied
 */
export async function requireMigrated(url: string): Promise<number> {
  const states = await migrationStatus(url);
  refuseNewer(url, states);
  const pending = states.filter(state => !state.appliedAt).map(state => state.name);
  if (pending.length > 0) throw new AppError("conflict", `${pending.join(", ")} to be applied. Run prochat migrate.`);
  return states.length;
}
