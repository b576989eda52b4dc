import type pg from "pg";
import { maskUrl } from "#platform/mask-url.ts";
import { AppError } from "#protocol/errors.ts";
import { DatabaseClient } from "./client.ts";
import { unreachable } from "./explain.ts";
import { connectionOptions, required } from "./options.ts";
import { examinePooler } from "./pooler.ts";

const connectTimeoutMs = 10_000;

/**
 * Finds out how the database of DATABASE_URL is connected to, once for all connections: with or without TLS where the URL
 * leaves that open, and through which kind of pooler.
 * @param p.isWritten  false: a read-only database will do
 * @returns the URL with what was found, in the parameters `sslmode`, `startup`, `pooler` and `prepare`
 * @throws AppError "database_unreachable", or "database_unsupported" with what to do
 */
export async function examineDatabase(url: string, p: { isWritten: boolean }): Promise<string> {
  const { client, found } = await tryConnections(url);
  try {
    await refuseUnsupported(client, found, p.isWritten);
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    // PostgreSQL tells a client which process serves it. A pooler makes up a number.
    if (rows[0]!.pid === client.processID) return found;
    const other = await open(found).catch(error => {
      throw unreachable(found, error);
    });
    try {
      const { mode, hasNamedStatements } = await examinePooler(client, other);
      return withParams(found, { pooler: mode, ...(!hasNamedStatements && { prepare: "false" }) });
    } finally {
      await other.end();
    }
  } finally {
    await client.end();
  }
}

/** Connects in the ways that the URL allows, the wanted one first. */
async function tryConnections(url: string): Promise<{ client: DatabaseClient; found: string }> {
  let wanted = url;
  for (const isLast of [false, false, true]) {
    try {
      return { client: await open(wanted), found: settleSslMode(wanted) };
    } catch (error) {
      const other = isLast ? null : otherWay(wanted, error as { code?: string; message: string });
      if (!other) throw unreachable(url, error);
      wanted = other;
    }
  }
  throw new Error("unexpected condition");
}

async function open(url: string): Promise<DatabaseClient> {
  const client = new DatabaseClient(connectionOptions(url, { connectTimeoutMs }));
  client.on("error", () => {}); // the running statement fails with the same error
  await client.connect();
  return client;
}

/** The URL of another try; null if there is none. */
function otherWay(url: string, { code = "", message }: { code?: string; message: string }): string | null {
  const mode = new URL(url).searchParams.get("sslmode");
  if (mode === "prefer" && message.includes("does not support SSL")) return withParams(url, { sslmode: "disable" });
  if (mode === "allow" && code === "28000") return withParams(url, { sslmode: "require" });
  // PgBouncer: 08P01 "unsupported startup parameter"; others have their own codes
  const isRefused = ["08P01", "0A000", "22023", "42704"].includes(code);
  return isRefused && !new URL(url).searchParams.has("startup") ? withParams(url, { startup: "passed-on" }) : null;
}

function settleSslMode(url: string): string {
  const mode = new URL(url).searchParams.get("sslmode");
  if (mode === "prefer") return withParams(url, { sslmode: "require" });
  return mode === "allow" ? withParams(url, { sslmode: "disable" }) : url;
}

function withParams(url: string, params: Record<string, string>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(params)) changed.searchParams.set(name, value);
  return changed.href;
}

/** in SQL */
export const readOnlyCondition = "(pg_is_in_recovery() or current_setting('transaction_read_only')::bool)";

type Session = { encoding: string; isReadOnly: boolean; role: string; database: string };

async function refuseUnsupported(client: pg.Client, url: string, isWritten: boolean): Promise<void> {
  const settings = Object.keys(required).map(name => `current_setting('${name}') as "${name}"`);
  const { rows } = await client.query<Session & Record<string, string>>(
    `select current_setting('server_encoding') as encoding, ${readOnlyCondition} as "isReadOnly",
       quote_ident(current_user) as role, quote_ident(current_database()) as database, ${settings}`,
  );
  const { encoding, role, database, ...session } = rows[0]!;
  const name = maskUrl(url);
  if (encoding !== "UTF8") {
    throw unsupported(
      `The database ${name} has the encoding ${encoding}, which cannot store most of the world's letters. Create another ` +
        "one, as its owner: create database prochat encoding 'UTF8' template template0;",
    );
  }
  // Each session sets them, but a pooler between may refuse or ignore that.
  for (const [setting, value] of Object.entries(required)) {
    if (session[setting] === value) continue;
    throw unsupported(
      `Sessions of the database ${name} have ${setting} = '${session[setting]}', and the pooler before it does not let ` +
        `Pro LiveChat set '${value}'. Run: alter role ${role} in database ${database} set ${setting} = '${value}'; ` +
        "Then let the pooler reconnect.",
    );
  }
  if (isWritten && session.isReadOnly) {
    throw unsupported(`The database ${name} is read-only, as a standby is. Write the primary's address.`);
  }
}

const unsupported = (message: string) => new AppError("database_unsupported", message);
