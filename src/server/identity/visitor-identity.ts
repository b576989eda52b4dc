import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { identityKeyOf } from "./visitor-token.ts";

/** The clocks of two servers differ. */
const clockToleranceSeconds = 60;
/** In seconds: the year 5138. What is higher counts milliseconds. */
const maxSeconds = 100_000_000_000;

/** PostgreSQL stores neither NUL nor half of a character. */
const text = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine(value => !value.includes("\u0000") && value.isWellFormed());

const Identity = z.object({
  sub: text(1, 200),
  name: text(0, 200).nullish(),
  email: text(0, 254).nullish(),
});

const expected: Record<string, string> = {
  sub: "a text of 1 to 200 characters",
  name: "a text of at most 200 characters",
  email: "a text of at most 254 characters",
};

/** The logged-in visitor that an identity names. */
export type VisitorIdentity = {
  externalId: string;
  name: string | null;
  email: string | null;
  /** of the secret that signed it: see identityKeyOf */
  identityKey: string;
};

/**
 * Verifies an identity: a JWT (HS256) that names the logged-in visitor, signed with the website's identity secret.
 * @throws AppError "identity_invalid" with the reason
 */
export async function verifyIdentity(jwt: string, identitySecret: string): Promise<VisitorIdentity> {
  try {
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(identitySecret), {
      algorithms: ["HS256"],
      clockTolerance: clockToleranceSeconds,
    });
    refuseMilliseconds(payload);
    const { sub, name, email } = Identity.parse(payload);
    const identityKey = identityKeyOf(identitySecret);
    return { externalId: sub, name: name?.trim() || null, email: email?.trim() || null, identityKey };
  } catch (cause) {
    throw new AppError("identity_invalid", `The identity was refused: ${reasonOf(cause, jwt)}.`, { cause });
  }
}

/** The visitor of an identity that was valid once, if it was refused only because it has expired; null otherwise. */
export const expiredSubjectOf = ({ cause }: { cause?: unknown }): string | null =>
  cause instanceof errors.JWTExpired ? (cause.payload.sub ?? null) : null;

/** The library would take such an `exp` for a time in the far future. */
function refuseMilliseconds(payload: JWTPayload) {
  for (const claim of ["exp", "nbf"] as const) {
    if ((payload[claim] ?? 0) > maxSeconds) {
      throw new errors.JWTClaimValidationFailed("in milliseconds", payload, claim, "check_failed");
    }
  }
}

function reasonOf(cause: unknown, jwt: string): string {
  if (cause instanceof z.ZodError) {
    const claim = cause.issues[0]!.path.join(".");
    return `its claim ${claim} is not ${expected[claim]}`;
  }
  if (cause instanceof errors.JWTExpired) return `it has expired, ${timeOf("exp", cause.payload)}`;
  if (cause instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(cause);
  if (cause instanceof errors.JOSEAlgNotAllowed) {
    return `it is signed with ${decodeProtectedHeader(jwt).alg}; sign it with HS256`;
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed) {
    return "it is not signed with this website's identity secret";
  }
  return "it is not a JWT, signed with HS256";
}

function reasonOfClaim({ claim, payload }: errors.JWTClaimValidationFailed): string {
  const value = payload[claim];
  if (typeof value !== "number") return `its claim ${claim} is not a number of seconds since 1970`;
  if (value > maxSeconds) return `its claim ${claim} counts milliseconds; it must be seconds since 1970`;
  return `it is not valid yet, ${timeOf(claim, payload)}`;
}

function timeOf(claim: string, payload: JWTPayload): string {
  const at = new Date((payload[claim] as number) * 1_000);
  return `its claim ${claim} is ${at.toISOString()} and this server's clock ${new Date().toISOString()}`;
}
