import type { FastifyReply } from "fastify";
import type { Me } from "#protocol/accounts.ts";
import type { User } from "#protocol/agents.ts";
import type { Ctx } from "#server/context.ts";
import { listWebsites } from "#server/features/websites/queries.ts";

export async function showMe(ctx: Ctx, user: User): Promise<Me> {
  const websites = await listWebsites(ctx.db, user.id);
  return {
    user: { id: user.id, name: user.name, email: user.email },
    websites: websites.map(website => ({ ...website, createdAt: website.createdAt.toISOString() })),
    demoUrl: ctx.demoUrl,
  };
}

/** Begins a session and has the browser keep it. */
export async function signInAs(
  ctx: Ctx,
  account: { email: string; password: string },
  headers: Headers,
  reply: FastifyReply,
): Promise<User> {
  const { user, cookies } = await ctx.auth.signIn(account.email, account.password, headers);
  reply.header("set-cookie", cookies);
  return user;
}
