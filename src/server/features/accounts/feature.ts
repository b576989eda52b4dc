import { queriesOf } from "#database/query-plans/define-query.ts";
import { Me, PasswordChange, SetupRequest, SetupStatus, SignInRequest } from "#protocol/accounts.ts";
import { defineHttpCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { setUp, showMe, signInAs } from "./actions.ts";
import * as queries from "./queries.ts";
import { isSetupNeeded } from "./queries.ts";

const showSetup = defineHttpCommand({
  name: "setup.show",
  summary: "Whether the owner's account is still to be made.",
  access: "public",
  http: { method: "GET", path: "/setup" },
  answer: SetupStatus,
  handle: async ctx => ({ needed: await isSetupNeeded(ctx.directory) }),
});

const completeSetup = defineHttpCommand({
  name: "setup.complete",
  summary: "Make the owner's account and the first website, with the code that the server printed. Once.",
  access: "public",
  http: { method: "POST", path: "/setup", limit: "code" },
  params: SetupRequest,
  example: {
    code: "the code that the server printed",
    owner: { name: "Ada", email: "ada@shop.example", password: "correct horse" },
    website: { name: "Shop", allowedOrigins: ["https://shop.example"] },
  },
  answer: Me,
  async handle(ctx, { params, request }) {
    const owner = await setUp(ctx, params);
    await signInAs(ctx, params.owner, request);
    return showMe(ctx, owner);
  },
});

const signIn = defineHttpCommand({
  name: "session.begin",
  summary: "Begin a session.",
  access: "public",
  http: { method: "POST", path: "/sign-in", limit: "signInFrom" },
  params: SignInRequest,
  example: { email: "ada@shop.example", password: "a wrong password" },
  answer: Me,
  async handle(ctx, { params, request }) {
    const account = `${request.ip} ${params.email}`;
    await ctx.limits.take("signIn", account);
    const user = await signInAs(ctx, params, request);
    await ctx.limits.reset("signIn", account);
    return showMe(ctx, user);
  },
});

const signOut = defineHttpCommand({
  name: "session.end",
  summary: "End this session and its sockets.",
  access: "user",
  http: { method: "POST", path: "/sign-out" },
  async handle(ctx, { user, request }) {
    request.setHeader("set-cookie", await ctx.auth.signOut(request.headers));
    ctx.bus.publish(`user:${user.id}`, "sessions");
  },
});

const me = defineHttpCommand({
  name: "me.show",
  summary: "Who is signed in, and the websites they belong to.",
  access: "user",
  http: { method: "GET", path: "/me" },
  answer: Me,
  handle: (ctx, { user }) => showMe(ctx, user),
});

const changePassword = defineHttpCommand({
  name: "me.password",
  summary: "Change one's own password; ends the other sessions.",
  access: "user",
  http: { method: "POST", path: "/me/password" },
  params: PasswordChange,
  example: { currentPassword: "a wrong password", newPassword: "another password" },
  async handle(ctx, { user, params, request }) {
    await ctx.limits.take("signIn", `${request.ip} ${user.email}`);
    const { currentPassword, newPassword } = params;
    request.setHeader("set-cookie", await ctx.auth.changePassword(currentPassword, newPassword, request.headers));
    ctx.bus.publish(`user:${user.id}`, "sessions");
  },
});

export const accounts: Feature = {
  commands: [showSetup, completeSetup, signIn, signOut, me, changePassword],
  queries: queriesOf(queries),
};

export { isSetupNeeded, showMe, signInAs };
