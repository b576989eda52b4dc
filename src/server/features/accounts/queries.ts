import type { Db } from "#database/connect.ts";

export async function findUserName(db: Db, id: string): Promise<string> {
  const row = await db.selectFrom("users").select("name").where("id", "=", id).executeTakeFirst();
  return row?.name ?? "";
}

export async function findUserByEmail(db: Db, email: string): Promise<{ id: string; name: string } | null> {
  const row = await db.selectFrom("users").select(["id", "name"]).where("email", "=", email).executeTakeFirst();
  return row ?? null;
}
