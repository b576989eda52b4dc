import { createHmac } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

/**
 * Lets a browser read the last report of the checks while the database is away, and sessions cannot be looked up: a signed
 * cookie of a day, given with each report. It allows nothing else.
 */
export type HealthPass = {
  /** the Set-Cookie header */
  give(): Promise<string>;
  isValid(headers: { cookie?: string | undefined }): Promise<boolean>;
};

const hours = 24;

export function createHealthPass(secret: string, { isSecure }: { isSecure: boolean }): HealthPass {
  const key = createHmac("sha256", secret).update("health-pass").digest();
  // Servers on one host share its cookies: each has a name of its own.
  const name = `prochat.health-${createHmac("sha256", key).update("cookie").digest("hex").slice(0, 8)}`;
  return {
    async give() {
      const token = await new SignJWT().setProtectedHeader({ alg: "HS256" }).setExpirationTime(`${hours}h`).sign(key);
      const attributes = `Max-Age=${hours * 3600}; Path=/api/v1/health; HttpOnly; SameSite=Strict`;
      return `${name}=${token}; ${attributes}${isSecure ? "; Secure" : ""}`;
    },
    async isValid({ cookie = "" }) {
      const given = cookie.split(/;\s*/).find(each => each.startsWith(`${name}=`));
      if (!given) return false;
      try {
        await jwtVerify(given.slice(name.length + 1), key, { algorithms: ["HS256"] });
        return true;
      } catch {
        return false; // expired, or of another server on this host
      }
    },
  };
}
