import { createHmac, subtle } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";

/**
 * Who a visitor is, carried by a token that the server signs: a session costs the database nothing until the first
 * message.
 */
export type VisitorSession = {
  websiteId: number;
  visitorId: string;
  /** The website's own id of who is logged in, from a signed identity; null for everybody else. */
  externalId: string | null;
  name: string | null;
  email: string | null;
};

const tokenDays = 365;
/** How long a page's signed identity may have been valid for its token: it is asked for again at each page load. */
const identifiedTokenHours = 24;

const Claims = z.object({
  sub: z.uuid(),
  website: z.number().int(),
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
});

export type VisitorTokens = {
  sign(session: VisitorSession): Promise<string>;
  /** @throws AppError "session_expired": ask for a new session */
  verify(token: string): Promise<VisitorSession>;
};

export function createVisitorTokens(secret: string): VisitorTokens {
  // Imported once: for each token anew it would be half of what a token costs.
  const imported = subtle.importKey(
    "raw",
    createHmac("sha256", secret).update("visitor-token").digest(),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  return {
    sign: async ({ websiteId, visitorId, ...who }) =>
      new SignJWT({ website: websiteId, ...who })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(visitorId)
        .setIssuedAt()
        .setExpirationTime(who.externalId ? `${identifiedTokenHours}h` : `${tokenDays}d`)
        .sign(await imported),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, await imported, { algorithms: ["HS256"] });
        const { sub, website, ...who } = Claims.parse(payload);
        return { websiteId: website, visitorId: sub, ...who };
      } catch (cause) {
        throw new AppError("session_expired", "This chat session has ended. Ask for a new one.", { cause });
      }
    },
  };
}

/** PostgreSQL stores no NUL character. */
const Text = z.string().refine(text => !text.includes("\u0000"));

const Identity = z.object({
  sub: Text.min(1).max(200),
  name: Text.trim().max(200).nullish(),
  email: Text.trim().max(254).nullish(),
});

/**
 * Reads who a page says is logged in: a JWT (HS256) signed with the website's identity secret.
 * @throws AppError "identity_invalid" saying what is wrong with it
 */
export async function verifyIdentity(jwt: string, identitySecret: string) {
  try {
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(identitySecret), { algorithms: ["HS256"] });
    const { sub, name, email } = Identity.parse(payload);
    return { externalId: sub, name: name || null, email: email || null };
  } catch (cause) {
    const why =
      cause instanceof errors.JWTExpired
        ? "it has expired"
        : cause instanceof z.ZodError
          ? `its claim ${cause.issues[0]?.path.join(".")} is not valid`
          : "it is not signed with this website's identity secret (HS256)";
    throw new AppError("identity_invalid", `The identity was refused: ${why}.`, { cause });
  }
}

export const newVisitorId = () => uuidv7();
