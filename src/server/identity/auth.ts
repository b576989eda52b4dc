import { createHmac } from "node:crypto";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import type pg from "pg";
import { uuidv7 } from "uuidv7";
import { named } from "#database/statements/query-names.ts";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { Passwords } from "./passwords.ts";

/** Sign-in and sessions of agents. better-auth does the work; our endpoints call it (docs/decisions/0001-libraries.md). */
export type Auth = {
  /** of the cookie that holds a session */
  cookieName: string;
  /** Begins a session; `cookies` are the Set-Cookie headers for it. @throws AppError "wrong_credentials" or "overloaded" */
  signIn(email: string, password: string, headers: Headers): Promise<{ user: User; cookies: string[] }>;
  /** Ends the session. @returns the Set-Cookie headers that delete its cookies */
  signOut(headers: Headers): Promise<string[]>;
  /**
   * The user of the request's session; null without one. Use extends a session: send the cookies again if there are any.
   */
  findSession(headers: Headers): Promise<{ user: User; cookies: string[] } | null>;
  /** Checks the password of the request's user. @throws AppError "wrong_credentials" or "overloaded" */
  verifyPassword(password: string, headers: Headers): Promise<void>;
};

const sessionDays = 30;
const timestamps = { createdAt: "created_at", updatedAt: "updated_at" };

type AuthOptions = { pool: pg.Pool; secret: string; publicUrl: string; passwords: Passwords };

export function createAuth(options: AuthOptions): Auth {
  const auth = betterAuth(optionsOf(options));
  return {
    cookieName: cookieNameOf(options.secret, options.publicUrl),
    async signIn(email, password, headers) {
      const { headers: answer, response } = await ofSessions(() =>
        auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
      ).catch(refuse("Wrong e-mail address or password."));
      return { user: asUser(response.user), cookies: answer.getSetCookie() };
    },
    async signOut(headers) {
      const { headers: answer } = await ofSessions(() => auth.api.signOut({ headers, returnHeaders: true }));
      return answer.getSetCookie();
    },
    async findSession(headers) {
      if (!headers.has("cookie")) return null;
      const { headers: answer, response } = await ofSessions(() =>
        auth.api.getSession({ headers, returnHeaders: true }),
      ).catch(refuse("The session could not be read. Sign in again."));
      return response && { user: asUser(response.user), cookies: answer.getSetCookie() };
    },
    async verifyPassword(password, headers) {
      await ofSessions(() => auth.api.verifyPassword({ body: { password }, headers })).catch(
        refuse("The current password is wrong."),
      );
    },
  };
}

/** The library's statements have no names of their own. */
const ofSessions = <T>(run: () => T): T => named("sessions of agents", run);

/** Browsers send a host's cookies to all of its ports: with one name, two installations would sign each other out. */
const cookiePrefixOf = (secret: string) =>
  `prochat-${createHmac("sha256", secret).update("cookie").digest("hex").slice(0, 8)}`;

/** The same for all servers of an installation, at whatever address: they share their secret. */
export const cookieNameOf = (secret: string, publicUrl: string): string =>
  `${isSecure(publicUrl) ? "__Secure-" : ""}${cookiePrefixOf(secret)}.session_token`;

const isSecure = (publicUrl: string) => publicUrl.startsWith("https:");

const optionsOf = ({ pool, secret, publicUrl, passwords }: AuthOptions) =>
  ({
    appName: "Pro LiveChat",
    secret,
    baseURL: publicUrl,
    trustedOrigins: [publicUrl],
    database: pool,
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // our own limits also count by account
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      password: { hash: passwords.hash, verify: ({ hash, password }) => passwords.verify(hash, password) },
    },
    ...tables,
    advanced: {
      cookiePrefix: cookiePrefixOf(secret),
      ipAddress: { disableIpTracking: true }, // the audit log has the address that a trusted proxy gives
      useSecureCookies: isSecure(publicUrl),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      database: { generateId: () => uuidv7() },
    },
  }) satisfies BetterAuthOptions;

/** How our tables and columns are called. */
const tables = {
  user: { modelName: "users", fields: { emailVerified: "email_verified", ...timestamps } },
  session: {
    modelName: "sessions",
    expiresIn: sessionDays * 86_400,
    fields: {
      userId: "user_id",
      expiresAt: "expires_at",
      ipAddress: "ip_address",
      userAgent: "user_agent",
      ...timestamps,
    },
  },
  account: {
    modelName: "accounts",
    fields: {
      userId: "user_id",
      accountId: "account_id",
      providerId: "provider_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      ...timestamps,
    },
  },
  verification: { modelName: "verifications", fields: { expiresAt: "expires_at", ...timestamps } },
} satisfies BetterAuthOptions;

const asUser = ({ id, name, email }: User): User => ({ id, name, email });

/** If the database does not answer, the library throws an error of its own with status 500, without the reason. */
const refuse = (message: string) => (cause: unknown) => {
  if (cause instanceof AppError) throw cause;
  const { statusCode } = cause as { statusCode?: number };
  if (statusCode && statusCode < 500) throw new AppError("wrong_credentials", message, { cause });
  throw new AppError("unavailable", "The database does not answer. Try again in a moment.", { cause });
};
