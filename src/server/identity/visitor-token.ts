import { createHmac, subtle } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import { Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * A visitor's identity, in a token that the server signs: a session costs the database nothing until the first message.
 */
export type VisitorSession = {
  websiteId: number;
  visitorId: string;
  /** the website's own id of a logged-in visitor, from a signed identity; null for visitors who are not logged in */
  externalId: string | null;
  name: string | null;
  email: string | null;
};

const tokenDays = 365;
/** Lifetime of a logged-in visitor's token. It may be short: pages send the signed identity again at each load. */
const identifiedTokenHours = 24;

const Claims = z.object({
  sub: Uuid,
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
  // Imported once: an import for each token would be half of a token's cost.
  const imported = subtle.importKey(
    "raw",
    createHmac("sha256", secret).update("visitor-token").digest(),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  return {
    sign: async ({ websiteId, visitorId, ...rest }) =>
      new SignJWT({ website: websiteId, ...rest })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(visitorId)
        .setIssuedAt()
        .setExpirationTime(rest.externalId ? `${identifiedTokenHours}h` : `${tokenDays}d`)
        .sign(await imported),
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, await imported, { algorithms: ["HS256"] });
        const { sub, website, ...rest } = Claims.parse(payload);
        return { websiteId: website, visitorId: sub, ...rest };
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
 * Verifies an identity: a JWT (HS256) that names the logged-in visitor, signed with the website's identity secret.
 * @throws AppError "identity_invalid" with the reason
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
