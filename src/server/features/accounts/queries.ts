import { sql } from "kysely";
import type { Db } from "#database/connect.ts";

export async function findUserName(db: Db, id: string): Promise<string> {
  const row = await db.selectFrom("users").select("name").where("id", "=", id).executeTakeFirst();
  return row?.name ?? "";
}

export async function findUserByEmail(db: Db, email: string): Promise<{ id: string; name: string } | null> {
  const row = await db.selectFrom("users").select(["id", "name"]).where("email", "=", email).executeTakeFirst();
  return row ?? null;
}

/** Nobody has set this up yet: there is no user. */
export async function isSetupNeeded(db: Db): Promise<boolean> {
  const { rows } = await sql<{ needed: boolean }>`select not exists (select from users) as needed`.execute(db);
  return rows[0]!.needed;
}

/** Keeps everybody else from adding one until the transaction ends. */
export const lockUsers = (tx: Db) => sql`lock table users in share row exclusive mode`.execute(tx);
