import type pg from "pg";
import { AppError } from "#protocol/errors.ts";

/** Is in a database while a backup is loaded into it: people who were erased may still be there. */
export const restoringTable = "prochat_restoring";

export async function isRestoring(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(`select to_regclass('${restoringTable}') is not null as is`);
  return rows[0]!.is;
}

/** @throws AppError "database_refused" if a restore into the database runs, or was killed */
export async function refuseHalfRestored(client: pg.ClientBase): Promise<void> {
  if (!(await isRestoring(client))) return;
  throw new AppError(
    "database_refused",
    "A backup is being restored into this database, or the restore was killed. Wait until it has ended, or run it again: " +
      "prochat restore … --into with the same database. Nothing was changed.",
  );
}
