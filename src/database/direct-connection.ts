import type pg from "pg";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";
import { DatabaseClient } from "./connection/client.ts";
import { connectionOptions } from "./connection/options.ts";

const connectTimeoutMs = 10_000;

/**
 * Opens one connection without a pooler, for work that needs a session: migrations, checks, generated code.
 * @param applicationName  as other sessions see it
 * @throws AppError "database_unreachable" with the reason in one line, and without the password
 */
export async function connectDirectly(url: string, applicationName = "prochat"): Promise<pg.Client> {
  try {
    const client = new DatabaseClient(connectionOptions(url, { connectTimeoutMs, applicationName }));
    client.on("error", () => {}); // the running statement fails with the same error
    await client.connect();
    return client;
  } catch (cause) {
    throw new AppError(
      "database_unreachable",
      `The database ${maskUrl(url)} cannot be used: ${reason(url, cause)}. Check DATABASE_URL and that it is running.`,
      { cause },
    );
  }
}

function reason(url: string, cause: unknown): string {
  const { code, message } = cause as { code?: string; message: string };
  const { hostname, port, username, pathname } = new URL(url);
  switch (code) {
    case "ECONNREFUSED":
      return `nothing listens at ${hostname} on port ${port || 5432}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the host ${hostname} is not known`;
    case "28P01":
      return `the password of ${username} is wrong`;
    case "3D000":
      return `there is no database ${pathname.slice(1) || username}`;
    default:
      return (message || code || "unknown reason").replace(/\s+/g, " ").replace(/\.$/, "");
  }
}
