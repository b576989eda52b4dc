import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";

/** The hash is made before the transaction, which would hold a connection meanwhile. */
export type NewAccount = { name: string; email: string; passwordHash: string };

/**
 * Creates an account with a password, within the caller's transaction.
 * @throws AppError "conflict" when the address has an account
 */
export const insertAccount = defineQuery(
  {
    name: "a new account",
    indexes: [],
    buffers: 20,
    sample: () => [{ name: "Ada", email: "ada@nobody.invalid", passwordHash: "" }],
  },
  async (tx: Db, account: NewAccount): Promise<User> => {
    const user = { id: uuidv7(), name: account.name, email: account.email };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("users")
      .values(user)
      .onConflict(conflict => conflict.column("email").doNothing())
      .executeTakeFirstOrThrow();
    if (!numInsertedOrUpdatedRows) {
      throw new AppError("conflict", `${account.email} has an account already. Sign in, then open the link again.`);
    }
    await setPassword(tx, user.id, account.passwordHash);
    return user;
  },
);

/** Sets a user's password and ends all their sessions. */
export const setPassword = defineQuery(
  {
    name: "a new password",
    indexes: ["accounts_by_user", "sessions_by_user"],
    buffers: 20,
    sample: ({ agentId }) => [agentId, ""],
  },
  async (tx: Db, userId: string, passwordHash: string): Promise<void> => {
    await tx.deleteFrom("accounts").where("user_id", "=", userId).where("provider_id", "=", "credential").execute();
    await tx
      .insertInto("accounts")
      .values({
        id: uuidv7(),
        user_id: userId,
        account_id: userId,
        provider_id: "credential",
        password: passwordHash,
      })
      .execute();
    await tx.deleteFrom("sessions").where("user_id", "=", userId).execute();
  },
);

/** The hash of a user's password; null if there is none. */
export const findPasswordHash = defineQuery(
  {
    name: "the password of a user",
    indexes: ["accounts_by_user"],
    buffers: 6,
    sample: ({ agentId }) => [agentId],
  },
  async (directory: Db, userId: string): Promise<string | null> => {
    const row = await directory
      .selectFrom("accounts")
      .select("password")
      .where("user_id", "=", userId)
      .where("provider_id", "=", "credential")
      .executeTakeFirst();
    return row?.password ?? null;
  },
);

/** Replaces the hash of the same password; sessions stay. */
export const replacePasswordHash = defineQuery(
  {
    name: "the same password, hashed again",
    indexes: ["accounts_by_user"],
    buffers: 12,
    sample: ({ agentId }) => [agentId, { before: "", after: "" }],
  },
  async (directory: Db, userId: string, { before, after }: { before: string; after: string }): Promise<void> => {
    await directory
      .updateTable("accounts")
      .set({ password: after })
      .where("user_id", "=", userId)
      .where("password", "=", before)
      .execute();
  },
);
