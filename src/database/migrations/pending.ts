import type { Db } from "#database/connect.ts";
import { listApplied } from "./applied.ts";
import { listMigrations } from "./sql/files.ts";

/** The names of this program's migrations that are not applied yet. */
export async function listPending(db: Db): Promise<string[]> {
  const applied = await listApplied(db);
  return (await listMigrations()).filter(name => !applied.includes(name));
}
