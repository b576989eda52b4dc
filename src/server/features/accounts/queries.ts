import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";

export const findUserByEmail = defineQuery(
  {
    name: "user by e-mail address",
    indexes: ["users_email_key"],
    buffers: 6,
    sample: () => ["ada@nobody.invalid"],
  },
  async (db: Db, email: string): Promise<{ id: string; name: string } | null> => {
    const row = await db.selectFrom("users").select(["id", "name"]).where("email", "=", email).executeTakeFirst();
    return row ?? null;
  },
);

/** True while there is no user: the server is not set up yet. */
export const isSetupNeeded = defineQuery(
  {
    name: "whether there is any user",
    indexes: [],
    buffers: 6,
    sample: () => [],
  },
  async (db: Db): Promise<boolean> => {
    const [row] = await sql<{ needed: boolean }>`select not exists (select from users) as needed`.rows(db);
    return row!.needed;
  },
);

/** Prevents other transactions from adding a user until this one ends. */
export const lockUsers = defineQuery(
  { name: "lock of the users while the first is made", indexes: [], sample: () => [] },
  (tx: Db) => sql`lock table users in share row exclusive mode`.rows(tx),
);
