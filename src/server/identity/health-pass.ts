import { createHash, createHmac } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

/**
 * Lets a browser read the last report of the checks while the database is away, and sessions cannot be looked up: a signed
 * cookie, given while they can be. It allows nothing else: docs/decisions/0054-last-report.md.
 */
export type HealthPass = {
  /** the Set-Cookie header, for the session in these cookies */
  give(cookies: string): Promise<string>;
  /** True with the session that it was given to. Whether that session has ended since, only the database knows. */
  isValid(cookies: string): Promise<boolean>;
};

type Options = { isSecure: boolean; sessionCookie: string };

const hours = 12;

export function createHealthPass(secret: string, { isSecure, sessionCookie }: Options): HealthPass {
  const key = createHmac("sha256", secret).update("health-pass").digest();
  // Servers on one host share its cookies: each has a name of its own.
  const name = `prochat.health-${createHmac("sha256", key).update("cookie").digest("hex").slice(0, 8)}`;
  const sessionOf = (cookies: string) =>
    createHash("sha256")
      .update(read(cookies, sessionCookie) ?? "")
      .digest("base64url");
  return {
    async give(cookies) {
      const pass = new SignJWT().setSubject(sessionOf(cookies)).setExpirationTime(`${hours}h`);
      const token = await pass.setProtectedHeader({ alg: "HS256" }).sign(key);
      const attributes = `Max-Age=${hours * 3600}; Path=/api/v1/health; HttpOnly; SameSite=Strict`;
      return `${name}=${token}; ${attributes}${isSecure ? "; Secure" : ""}`;
    },
    async isValid(cookies) {
      const given = read(cookies, name);
      if (!given || !read(cookies, sessionCookie)) return false;
      try {
        await jwtVerify(given, key, { algorithms: ["HS256"], subject: sessionOf(cookies) });
        return true;
      } catch {
        return false; // expired, of another session, or of another server on this host
      }
    },
  };
}

const read = (cookies: string, name: string): string | undefined =>
  cookies
    .split(/;\s*/)
    .find(each => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);
