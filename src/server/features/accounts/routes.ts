import { Me, PasswordChange, SetupRequest, SetupStatus, SignInRequest } from "#protocol/accounts.ts";
import type { Ctx } from "#server/context.ts";
import type { DeclareEndpoint } from "#server/http/endpoint.ts";
import { headersOf } from "#server/http/headers.ts";
import { setUp } from "./actions.ts";
import { showMe, signInAs } from "./me.ts";
import { isSetupNeeded } from "./queries.ts";

export function accountRoutes(declare: DeclareEndpoint, ctx: Ctx) {
  declare({
    method: "GET",
    path: "/setup",
    summary: "Whether the owner's account is still to be made.",
    access: "nobody",
    answer: SetupStatus,
    handle: async () => ({ needed: await isSetupNeeded(ctx.db) }),
  });

  declare({
    method: "POST",
    path: "/setup",
    summary: "Make the owner's account and the first website, with the code that the server printed. Once.",
    access: "nobody",
    limit: "code",
    body: SetupRequest,
    answer: Me,
    async handle({ body, request, reply }) {
      const owner = await setUp(ctx, body);
      await signInAs(ctx, body.owner, headersOf(request), reply);
      return showMe(ctx, owner);
    },
  });

  declare({
    method: "POST",
    path: "/sign-in",
    summary: "Begin a session.",
    access: "nobody",
    limit: "signInFrom",
    body: SignInRequest,
    answer: Me,
    async handle({ body, request, reply }) {
      const account = `${request.ip} ${body.email}`;
      await ctx.limits.take("signIn", account);
      const user = await signInAs(ctx, body, headersOf(request), reply);
      await ctx.limits.reset("signIn", account);
      return showMe(ctx, user);
    },
  });

  declare({
    method: "POST",
    path: "/sign-out",
    summary: "End this session and its sockets.",
    access: "user",
    async handle({ user, request, reply }) {
      reply.header("set-cookie", await ctx.auth.signOut(headersOf(request)));
      ctx.bus.publish(`user:${user.id}`, "sessions");
    },
  });

  declare({
    method: "GET",
    path: "/me",
    summary: "Who is signed in, and the websites they belong to.",
    access: "user",
    answer: Me,
    handle: ({ user }) => showMe(ctx, user),
  });

  declare({
    method: "POST",
    path: "/me/password",
    summary: "Change the own password; ends the other sessions.",
    access: "user",
    body: PasswordChange,
    async handle({ user, body, request, reply }) {
      const headers = headersOf(request);
      await ctx.limits.take("signIn", `${request.ip} ${user.email}`);
      reply.header("set-cookie", await ctx.auth.changePassword(body.currentPassword, body.newPassword, headers));
      ctx.bus.publish(`user:${user.id}`, "sessions");
    },
  });
}
