import { createHash, createHmac, subtle } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import { Moment, Uuid } from "#protocol/basics.ts";
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
  /** of a logged-in visitor: names the identity secret that their identity was signed with */
  identityKey?: string | undefined;
  /** the privacy notice that was accepted; it is stored with the first message */
  consent?: Consent | undefined;
};

type Consent = { noticeId: string; at: string };

const tokenDays = 365;
/** Lifetime of a logged-in visitor's token. It may be short: pages send the signed identity again at each load. */
const identifiedTokenHours = 24;

const Claims = z.object({
  sub: Uuid,
  website: z.number().int(),
  externalId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  identityKey: z.string().optional(),
  consent: z.object({ noticeId: z.string(), at: Moment }).optional(),
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

/** Names an identity secret without telling it. */
export const identityKeyOf = (identitySecret: string): string =>
  createHash("sha256").update(`identity secret ${identitySecret}`).digest("base64url").slice(0, 16);

export const newVisitorId = () => uuidv7();
