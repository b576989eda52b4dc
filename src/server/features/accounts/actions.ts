import { createHash, timingSafeEqual } from "node:crypto";
import type { Me, SetupRequest } from "#protocol/accounts.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { HttpRequest } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { createWebsite, listWebsites } from "#server/features/websites/feature.ts";
import { insertAccount } from "#server/identity/accounts.ts";
import { isSetupNeeded, lockUsers } from "./queries.ts";

/**
 * Makes the owner and the first website; works exactly once.
 * @throws AppError "wrong_code" or "already_set_up"
 */
export async function setUp(ctx: Ctx, request: SetupRequest): Promise<User> {
  if (!isSame(request.code, ctx.setupCode)) {
    throw new AppError("wrong_code", "Wrong set-up code. Use the one printed in the server's terminal.");
  }
  return ctx.directory.transaction().execute(async tx => {
    // Of two who set up at once, the second waits here and then finds a user.
    await lockUsers(tx);
    if (!(await isSetupNeeded(tx))) throw new AppError("already_set_up", "This server is set up already. Sign in.");
    const owner = await insertAccount(tx, request.owner);
    await createWebsite(tx, { ...request.website, ownerId: owner.id });
    return owner;
  });
}

/** Begins a session and has the browser keep it. @throws AppError "wrong_credentials" */
export async function signInAs(
  ctx: Ctx,
  account: { email: string; password: string },
  request: HttpRequest,
): Promise<User> {
  const { user, cookies } = await ctx.auth.signIn(account.email, account.password, request.headers);
  request.setHeader("set-cookie", cookies);
  return user;
}

export async function showMe(ctx: Ctx, user: User): Promise<Me> {
  const websites = await listWebsites(ctx.directory, user.id);
  return {
    user: { id: user.id, name: user.name, email: user.email },
    websites: websites.map(website => ({ ...website, createdAt: website.createdAt.toISOString() })),
    demoUrl: ctx.demoUrl,
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
