import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";

type Failure = { code?: string; message?: string };

/**
 * The error of a connection that failed: the reason in one line, and without the password.
 * @returns AppError "database_unreachable", or "config_invalid" for options that a pooler refuses
 */
export function unreachable(url: string, cause: unknown): AppError {
  if (isRefusedOption(url, cause)) {
    const { username } = new URL(url);
    return new AppError(
      "config_invalid",
      `The pooler of the database ${maskUrl(url)} refuses "options" of DATABASE_URL or PGOPTIONS. Leave them out, and set ` +
        `them for the role, as in: alter role ${username} set search_path = chat; Then let the pooler reconnect.`,
      { cause },
    );
  }
  return new AppError(
    "database_unreachable",
    `The database ${maskUrl(url)} cannot be used: ${reason(url, cause)}. Check DATABASE_URL and that it is running.`,
    { cause },
  );
}

function isRefusedOption(url: string, cause: unknown): boolean {
  const { code, message = "" } = cause as Failure;
  return code === "08P01" && message.includes("options") && new URL(url).searchParams.has("options");
}

function reason(url: string, cause: unknown): string {
  const { code, message = "" } = cause as Failure;
  const { hostname, port, username, pathname, searchParams } = new URL(url);
  const user = decodeURIComponent(username);
  const socket = searchParams.get("host");
  const place = socket ? `the socket in ${socket}` : `${hostname} on port ${port || 5432}`;
  if (code === "28000" && message.includes("no encryption"))
    return `${place} refuses connections without encryption: add ?sslmode=require to the URL`;
  if (message.includes("does not support SSL"))
    return `${place} does not encrypt: write sslmode=disable if the network between is trusted`;
  if (code === "DEPTH_ZERO_SELF_SIGNED_CERT" || code === "SELF_SIGNED_CERT_IN_CHAIN")
    return `its certificate is signed by itself or by an authority that is not known: add sslrootcert=/path/to/ca.pem to the URL, or write sslmode=require, which does not check it`;
  switch (code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return socket ? `nothing listens at ${place}, port ${port || 5432}` : `nothing listens at ${place}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the host ${hostname} is not known`;
    case "28P01":
      return `the password of ${user} is wrong`;
    case "3D000":
      return `there is no database ${decodeURIComponent(pathname.slice(1)) || user}`;
    default:
      return (message || code || "unknown reason").replace(/\s+/g, " ").replace(/\.$/, "");
  }
}
