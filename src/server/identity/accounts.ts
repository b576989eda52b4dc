import { hashPassword } from "better-auth/crypto";
import { uuidv7 } from "uuidv7";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import type { Account } from "#protocol/accounts.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * Creates an account with a password, within the caller's transaction.
 * @throws AppError "conflict" when the address has an account
 */
export const insertAccount = defineQuery(
  {
    name: "a new account",
    indexes: [],
    buffers: 20,
    sample: () => [{ name: "Ada", email: "ada@nobody.invalid", password: "" }],
  },
  async (tx: Db, account: Account): Promise<User> => {
    const user = { id: uuidv7(), name: account.name, email: account.email };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("users")
      .values(user)
      .onConflict(conflict => conflict.column("email").doNothing())
      .executeTakeFirstOrThrow();
    if (!numInsertedOrUpdatedRows) {
      throw new AppError("conflict", `${account.email} has an account already. Sign in, then open the link again.`);
    }
    await setPassword(tx, user.id, account.password);
    return user;
  },
);

/** Sets a user's password, hashed with scrypt, and ends all their sessions. */
export const setPassword = defineQuery(
  {
    name: "a new password",
    indexes: ["accounts_by_user", "sessions_by_user"],
    buffers: 20,
    sample: ({ agentId }) => [agentId, ""],
  },
  async (tx: Db, userId: string, password: string): Promise<void> => {
    await tx.deleteFrom("accounts").where("user_id", "=", userId).where("provider_id", "=", "credential").execute();
    await tx
      .insertInto("accounts")
      .values({
        id: uuidv7(),
        user_id: userId,
        account_id: userId,
        provider_id: "credential",
        password: await hashPassword(password),
      })
      .execute();
    await tx.deleteFrom("sessions").where("user_id", "=", userId).execute();
  },
);
