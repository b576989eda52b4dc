import { createHash, timingSafeEqual } from "node:crypto";
import type { Me, SetupRequest } from "#protocol/accounts.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { HttpRequest, Source } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { createWebsite, showWebsitesOf } from "#server/features/websites/feature.ts";
import { findPasswordHash, insertAccount, replacePasswordHash, setPassword } from "#server/identity/accounts.ts";
import { refuseCommonPassword } from "#server/identity/common-passwords.ts";
import { insertOperator, isOperator } from "#server/identity/operators.ts";
import { auditAccount, auditAccountAlone } from "./account-log.ts";
import { findUserByEmail, isSetupNeeded, lockUsers } from "./queries.ts";

type FromPage = { source: Source; request: HttpRequest };

/**
 * Creates the owner and the first website; works exactly once.
 * @throws AppError "wrong_code" or "already_set_up"
 */
export async function setUp(ctx: Ctx, { source }: FromPage, request: SetupRequest): Promise<User> {
  if (!isSame(request.code, ctx.setupCode)) {
    throw new AppError("wrong_code", "Wrong set-up code. Use the one printed in the server's terminal.");
  }
  const alreadySetUp = () => new AppError("already_set_up", "This server is already set up. Sign in.");
  if (!(await isSetupNeeded(ctx.directory))) throw alreadySetUp();
  const { name, email, password } = request.owner;
  await refuseCommonPassword("owner.password", password, [name, email, request.website.name]);
  const passwordHash = await ctx.passwords.hash(password);
  return transact(ctx, ctx.directory, async (tx, events) => {
    // Of two set-ups at the same moment, the second one waits here and then finds a user.
    await lockUsers(tx);
    if (!(await isSetupNeeded(tx))) throw alreadySetUp();
    const owner = await insertAccount(tx, { ...request.owner, passwordHash });
    await insertOperator(tx, owner.id);
    const websiteId = await createWebsite(tx, { ...request.website, owner });
    events.audit(
      { user: owner, source },
      {
        websiteId,
        action: "website.set_up",
        target: { kind: "website", id: String(websiteId), name: request.website.name },
      },
    );
    return owner;
  });
}

/**
 * Signs in somebody who tries a password. Wrong ones from browsers in which the account never signed in cannot lock out one
 * in which it did, neither by the limits nor by a crowd.
 * @throws AppError "wrong_credentials", "rate_limited" or "overloaded"
 */
export async function signIn(
  ctx: Ctx,
  from: FromPage,
  credentials: { email: string; password: string },
): Promise<User> {
  const { email } = credentials;
  const { network, headers } = from.request;
  const browserId = await ctx.knownBrowsers.find(headers, email);
  const check = () => signInAs(ctx, from, credentials);
  if (browserId) return ctx.limits.guess([["signIn", browserId]], () => ctx.passwords.prefer(check));
  return ctx.limits.guess(
    [
      ["signIn", `${network} ${email}`],
      ["signInFrom", network],
      ["signInTo", email],
    ],
    check,
  );
}

/** Begins a session and sets its cookies. @throws AppError "wrong_credentials" */
export async function signInAs(
  ctx: Ctx,
  { source, request }: FromPage,
  { email, password }: { email: string; password: string },
): Promise<User> {
  const { user, cookies } = await ctx.auth.signIn(email, password, request.headers).catch(async error => {
    if (error instanceof AppError && error.code === "wrong_credentials") await auditFailure(ctx, source, email);
    throw error;
  });
  // Before the browser gets the cookies: a session without its entry is never used.
  const by = { user, source };
  await auditAccountAlone(ctx, by, user.id, { action: "account.signed_in", target: null });
  request.setHeader("set-cookie", [...cookies, await ctx.knownBrowsers.remember(request.headers, email)]);
  await renewPasswordHash(ctx, user.id, password);
  return user;
}

/** Hashes a password again whose hash is of an earlier version's parameters. */
async function renewPasswordHash(ctx: Ctx, userId: string, password: string): Promise<void> {
  const before = await findPasswordHash(ctx.directory, userId);
  if (!before || !ctx.passwords.isOutdated(before)) return;
  const after = await ctx.passwords.hash(password).catch(() => null); // overloaded: at another sign-in
  if (after) await replacePasswordHash(ctx.directory, userId, { before, after });
}

async function auditFailure(ctx: Ctx, source: Source, email: string): Promise<void> {
  const account = await findUserByEmail(ctx.directory, email);
  const target = account && { kind: "account" as const, ...account };
  const details = { email: account ? email : shorten(email) };
  await auditAccountAlone(ctx, { source }, account?.id ?? null, { action: "account.sign_in_failed", target, details });
}

/** a…@shop.example: enough to recognize a mistyped address, and little about a stranger. */
const shorten = (email: string) => email.replace(/^(.).*(?=@)/, "$1…");

export async function signOut(ctx: Ctx, user: User, { source, request }: FromPage): Promise<void> {
  await auditAccountAlone(ctx, { user, source }, user.id, { action: "account.signed_out", target: null });
  request.setHeader("set-cookie", await ctx.auth.signOut(request.headers));
  ctx.bus.publish(`user:${user.id}`, "sessions");
}

/** Ends all sessions of the user and begins a new one. @throws AppError "wrong_credentials" */
export async function changePassword(
  ctx: Ctx,
  user: User,
  { source, request }: FromPage,
  p: { currentPassword: string; newPassword: string },
): Promise<void> {
  await refuseCommonPassword("newPassword", p.newPassword, [user.name, user.email]);
  await ctx.auth.verifyPassword(p.currentPassword, request.headers);
  const passwordHash = await ctx.passwords.hash(p.newPassword);
  await transact(ctx, ctx.directory, async (tx, events) => {
    await setPassword(tx, user.id, passwordHash);
    const by = { user, source };
    await auditAccount(tx, events, by, user.id, { action: "account.password_changed", target: null });
  });
  const { cookies } = await ctx.auth.signIn(user.email, p.newPassword, request.headers);
  request.setHeader("set-cookie", cookies);
  ctx.bus.publish(`user:${user.id}`, "sessions");
}

export async function showMe(ctx: Ctx, user: User): Promise<Me> {
  const [websites, mayOperate] = await Promise.all([showWebsitesOf(ctx, user.id), isOperator(ctx.directory, user.id)]);
  const { id, name, email } = user;
  return { user: { id, name, email }, isOperator: mayOperate, websites, demoUrl: ctx.demoUrl };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
