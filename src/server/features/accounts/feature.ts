import { queriesOf } from "#database/query-plans/define-query.ts";
import { Me, PasswordChange, SetupRequest, SetupStatus, SignInRequest } from "#protocol/accounts.ts";
import { defineHttpCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { giveHealthPass } from "#server/features/health/feature.ts";
import { listLogs } from "./account-log.ts";
import { changePassword, setUp, showMe, signIn, signInAs, signOut } from "./actions.ts";
import * as queries from "./queries.ts";
import { isSetupNeeded } from "./queries.ts";

const showSetup = defineHttpCommand({
  name: "setup.show",
  summary: "Whether the server still needs its owner's account.",
  access: "public",
  http: { method: "GET", path: "/setup" },
  answer: SetupStatus,
  handle: async ctx => ({ needed: await isSetupNeeded(ctx.directory) }),
});

const completeSetup = defineHttpCommand({
  name: "setup.complete",
  summary: "Create the owner's account and the first website, with the code that the server printed. Works once.",
  access: "public",
  audit: ["website.set_up", "account.signed_in"],
  http: { method: "POST", path: "/setup" },
  limit: "code",
  params: SetupRequest,
  example: {
    code: "the code that the server printed",
    owner: { name: "Ada", email: "ada@shop.example", password: "correct horse" },
    website: { name: "Shop", allowedOrigins: ["https://shop.example"] },
  },
  answer: Me,
  async handle(ctx, { params, ...call }) {
    const owner = await setUp(ctx, call, params);
    await signInAs(ctx, call, params.owner);
    return showMe(ctx, owner);
  },
});

const begin = defineHttpCommand({
  name: "session.begin",
  summary: "Begin a session.",
  access: "public",
  audit: ["account.signed_in"],
  http: { method: "POST", path: "/sign-in" },
  params: SignInRequest,
  example: { email: "ada@shop.example", password: "a wrong password" },
  answer: Me,
  handle: async (ctx, { params, ...call }) => showMe(ctx, await signIn(ctx, call, params)),
});

const end = defineHttpCommand({
  name: "session.end",
  summary: "End this session and its sockets.",
  access: "user",
  audit: ["account.signed_out"],
  http: { method: "POST", path: "/sign-out" },
  handle: (ctx, { user, ...call }) => signOut(ctx, user, call),
});

const me = defineHttpCommand({
  name: "me.show",
  summary: "The signed-in user, and their websites.",
  access: "user",
  http: { method: "GET", path: "/me" },
  answer: Me,
  async handle(ctx, { user, request }) {
    const shown = await showMe(ctx, user);
    await giveHealthPass(ctx, shown, request);
    return shown;
  },
});

const changeOwnPassword = defineHttpCommand({
  name: "me.password",
  summary: "Change the user's own password; ends their other sessions.",
  access: "user",
  audit: ["account.password_changed"],
  http: { method: "POST", path: "/me/password" },
  params: PasswordChange,
  example: { currentPassword: "a wrong password", newPassword: "another password" },
  async handle(ctx, { user, params, ...call }) {
    await ctx.limits.guess([["signIn", user.id]], () => changePassword(ctx, user, call, params));
  },
});

export const accounts: Feature = {
  commands: [showSetup, completeSetup, begin, end, me, changeOwnPassword],
  queries: queriesOf(queries),
};

export { isSetupNeeded, listLogs, showMe, signInAs };
