import type { Db } from "#database/connect.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import { isOperator } from "./operators.ts";

/** @throws AppError "forbidden" */
export async function requireOperator(directory: Db, user: User): Promise<void> {
  if (await isOperator(directory, user.id)) return;
  throw new AppError(
    "forbidden",
    "Only an operator of the server may do this. On the server: prochat operators --add with your e-mail address.",
  );
}
