import { createHmac } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { uuidv7 } from "uuidv7";
import { z } from "zod";

/**
 * The browsers in which an account has signed in before, by a signed cookie ("device cookies", OWASP). Wrong passwords from
 * other browsers are limited together, and cannot lock these out.
 */
export type KnownBrowsers = {
  /** The id of the browser; null if the account has not signed in there. */
  find(headers: Headers, email: string): Promise<string | null>;
  /** The Set-Cookie header that makes the browser known to the account. */
  remember(headers: Headers, email: string): Promise<string>;
};

const days = 365;
/** People who share a browser. */
const maxAccounts = 5;

const Claims = z.object({ jti: z.string(), accounts: z.array(z.string()) });

export function createKnownBrowsers(secret: string, { isSecure }: { isSecure: boolean }): KnownBrowsers {
  const key = createHmac("sha256", secret).update("known-browser").digest();
  // Servers on one host share its cookies: each has a name of its own.
  const cookieName = `prochat.browser-${createHmac("sha256", key).update("cookie").digest("hex").slice(0, 8)}`;
  const accountOf = (email: string) => createHmac("sha256", key).update(email).digest("base64url").slice(0, 22);

  async function read(headers: Headers): Promise<z.infer<typeof Claims> | null> {
    const cookie = headers
      .get("cookie")
      ?.split(/;\s*/)
      .find(each => each.startsWith(`${cookieName}=`));
    if (!cookie) return null;
    try {
      const { payload } = await jwtVerify(cookie.slice(cookieName.length + 1), key, { algorithms: ["HS256"] });
      return Claims.parse(payload);
    } catch {
      return null; // expired, or of another server on this host
    }
  }

  return {
    async find(headers, email) {
      const browser = await read(headers);
      return browser?.accounts.includes(accountOf(email)) ? browser.jti : null;
    },
    async remember(headers, email) {
      const browser = await read(headers);
      const account = accountOf(email);
      const others = (browser?.accounts ?? []).filter(other => other !== account);
      const token = await new SignJWT({ accounts: [account, ...others].slice(0, maxAccounts) })
        .setProtectedHeader({ alg: "HS256" })
        .setJti(browser?.jti ?? uuidv7())
        .setExpirationTime(`${days}d`)
        .sign(key);
      const attributes = `Max-Age=${days * 86_400}; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
      return `${cookieName}=${token}; ${attributes}`;
    },
  };
}
