import { createHash, timingSafeEqual } from "node:crypto";
import type { SetupRequest } from "#protocol/accounts.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { Ctx } from "#server/context.ts";
import { createWebsite } from "#server/features/websites/actions.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { isSetupNeeded, lockUsers } from "./queries.ts";

/**
 * Makes the owner and the first website; works exactly once.
 * @throws AppError "wrong_code" or "already_set_up"
 */
export async function setUp(ctx: Ctx, request: SetupRequest): Promise<User> {
  if (!isSame(request.code, ctx.setupCode)) {
    throw new AppError("wrong_code", "The code is another one. It stands in the line that the server printed.");
  }
  return ctx.db.transaction().execute(async tx => {
    // Of two who set up at once, the second waits here and then finds a user.
    await lockUsers(tx);
    if (!(await isSetupNeeded(tx))) throw new AppError("already_set_up", "This is set up already. Sign in.");
    const owner = await insertAccount(tx, request.owner);
    await createWebsite(tx, { ...request.website, ownerId: owner.id });
    return owner;
  });
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
