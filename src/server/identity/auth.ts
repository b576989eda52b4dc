import { betterAuth } from "better-auth";
import type pg from "pg";
import { uuidv7 } from "uuidv7";
import type { User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";

/** Sign-in and sessions of agents; better-auth does them, our endpoints call it (docs/decisions/0001-libraries.md). */
export type Auth = {
  /** Begins a session, which the cookies (Set-Cookie headers) carry. @throws AppError "wrong_credentials" */
  signIn(email: string, password: string, headers: Headers): Promise<{ user: User; cookies: string[] }>;
  /** Ends the session; @returns the Set-Cookie headers that forget it. */
  signOut(headers: Headers): Promise<string[]>;
  /**
   * Whose session the request carries; null when none. A session that is used lives on: its cookies are to be sent
   * again when there are any.
   */
  findSession(headers: Headers): Promise<{ user: User; cookies: string[] } | null>;
  /** Of the user whose session the request carries. @throws AppError "wrong_credentials" */
  verifyPassword(password: string, headers: Headers): Promise<void>;
};

const sessionDays = 30;
const timestamps = { createdAt: "created_at", updatedAt: "updated_at" };

export function createAuth(pool: pg.Pool, secret: string, publicUrl: string): Auth {
  const auth = betterAuth({
    appName: "Pro LiveChat",
    secret,
    baseURL: publicUrl,
    trustedOrigins: [publicUrl],
    database: pool,
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // ours count by account as well
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
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
    advanced: {
      cookiePrefix: "prochat",
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      database: { generateId: () => uuidv7() },
    },
  });

  return {
    async signIn(email, password, headers) {
      const { headers: answer, response } = await auth.api
        .signInEmail({ body: { email, password }, headers, returnHeaders: true })
        .catch(refuse("This e-mail address and password do not belong together."));
      return { user: asUser(response.user), cookies: answer.getSetCookie() };
    },
    async signOut(headers) {
      const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true });
      return answer.getSetCookie();
    },
    async findSession(headers) {
      if (!headers.has("cookie")) return null;
      const { headers: answer, response } = await auth.api
        .getSession({ headers, returnHeaders: true })
        .catch(refuse("The session could not be read."));
      return response && { user: asUser(response.user), cookies: answer.getSetCookie() };
    },
    async verifyPassword(password, headers) {
      await auth.api.verifyPassword({ body: { password }, headers }).catch(refuse("The current password is wrong."));
    },
  };
}

const asUser = ({ id, name, email }: User): User => ({ id, name, email });

/** The library tells a database that does not answer as a failure of its own, without saying why. */
const refuse = (message: string) => (cause: unknown) => {
  const { statusCode } = cause as { statusCode?: number };
  if (statusCode && statusCode < 500) throw new AppError("wrong_credentials", message, { cause });
  throw new AppError("unavailable", "The database does not answer. Try again in a moment.", { cause });
};
