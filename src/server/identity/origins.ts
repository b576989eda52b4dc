import type { IncomingHttpHeaders } from "node:http";

/** Where people open the dashboard: `url`; without PUBLIC_URL also this machine's own names. */
type Address = { url: string; config: { publicUrl: string | null } };

/**
 * True if a request that changes something comes from our own pages. A browser sends the Origin header with each such
 * request, and a page cannot change it. A request without the header does not come from a browser: no other website's page
 * can have sent it with an agent's cookie. The Host header alone proves nothing: a page may point its own name at this
 * machine (DNS rebinding).
 */
export function isOwnOrigin({ url, config }: Address, headers: IncomingHttpHeaders): boolean {
  const { origin, host, "sec-fetch-site": site = "none" } = headers;
  if (origin === undefined) return site === "none" || site === "same-origin";
  if (origin === new URL(url).origin) return true;
  if (config.publicUrl !== null || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  return page.protocol === "http:" && page.host === host && isLoopback(page.hostname);
}

/** @param host  a name or address of a URL, or of a socket */
export const isLoopback = (host: string): boolean =>
  /^(localhost|(::ffff:)?127(\.\d+){3}|\[?::1\]?)$/.test(host.toLowerCase());

/** The error for a page of another origin. It may be the dashboard at an address that the server does not know. */
export const notOwnOrigin = ({ url }: Pick<Address, "url">, { origin }: IncomingHttpHeaders): string =>
  `This came from a page of ${origin ?? "another website"}. Only the dashboard's own pages may do this, at ${new URL(url).origin}. ` +
  "If people open the dashboard at another address, set PUBLIC_URL to it.";

/** True if pages of the origin may show a website's chat. `https://*.shop.example` allows subdomains, not the domain itself. */
export function isAllowedOrigin(
  { demoUrl }: { demoUrl: string | null },
  allowedOrigins: string[],
  origin: string | undefined,
): boolean {
  if (!origin) return false;
  // The browser keeps a dot at the end of a host that the visitor has typed; stored origins have none.
  const sent = origin.replace(/\.(?=:\d+$|$)/, "");
  if (demoUrl && origin === new URL(demoUrl).origin) return true;
  return allowedOrigins.some(allowed => {
    if (!allowed.includes("://*.")) return allowed === sent;
    const [scheme, domain] = allowed.split("://*.") as [string, string];
    return sent.startsWith(`${scheme}://`) && sent.endsWith(`.${domain}`);
  });
}
