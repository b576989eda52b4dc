import type pg from "pg";
import { connectDirectly } from "#database/direct-connection.ts";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";
import { type MigrationState, readStates } from "./history.ts";
import { checkHidden } from "./safety/check-home.ts";
import { findHome, type Home } from "./session/home.ts";
import { listMigrations, migrationsDir } from "./sql/files.ts";

// Apart from migrate.ts: most commands ask for the status only, and the steps of a migration take 20 MB of memory.

/** Every migration of the program and of the database, in order, and when it was applied. Changes nothing. */
export async function migrationStatus(url: string, dir = migrationsDir): Promise<MigrationState[]> {
  const client = await connectDirectly(url);
  try {
    const home = await findHomeOf(client, dir);
    await checkHidden(client, home);
    return await readStates(client, dir, home);
  } finally {
    await client.end();
  }
}

/** @throws AppError "database_newer" if the database has migrations that this program does not have */
export function refuseNewer(url: string, states: MigrationState[]): void {
  const unknown = states.filter(state => !state.known).map(state => state.name);
  if (unknown.length === 0) return;
  throw new AppError(
    "database_newer",
    `The database ${maskUrl(url)} is newer than this Pro LiveChat: it has ${unknown.join(", ")}. ` +
      "Start the newer version; nothing was changed.",
  );
}

type Database = { home: Home; states: MigrationState[] };

/** What a database has, for a program that is about to change it. @throws AppError "database_newer" */
export async function readDatabase(client: pg.Client, url: string, dir: string): Promise<Database> {
  const home = await findHomeOf(client, dir);
  const states = await readStates(client, dir, home);
  refuseNewer(url, states);
  return { home, states };
}

const findHomeOf = async (client: pg.Client, dir: string) => findHome(client, (await listMigrations(dir))[0]);
