import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { AppError } from "#protocol/errors.ts";
import type { ClientOptions, DatabaseClient } from "./client.ts";
import type { Observe } from "./observe.ts";
import type { PoolerMode } from "./pooler.ts";

/**
 * What statements and the driver rely on, whatever the role, the database and postgresql.conf say. PgBouncer passes
 * these on to the connection that it takes for each transaction.
 */
const passedOn = { DateStyle: "ISO, MDY", TimeZone: "UTC", standard_conforming_strings: "on" };

/**
 * The same, but PgBouncer refuses these. The last four let PostgreSQL notice within half a minute that a client has gone
 * without a word: its locks would wait two hours for that.
 */
const sessionOnly = {
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
  tcp_user_timeout: "25000",
};

/** What a session must have, also behind a pooler that refuses or ignores it: examine.ts. */
export const required = {
  ...passedOn,
  default_transaction_isolation: sessionOnly.default_transaction_isolation,
  default_transaction_read_only: sessionOnly.default_transaction_read_only,
};

const keepAliveMs = 10_000;

/**
 * The options of connections to a database. None is left out, because the driver takes those from the variables PG….
 * @param url  as platform/database-url.ts writes it
 * @throws AppError "config_invalid" when a file that it names cannot be read
 */
export function connectionOptions(
  url: string,
  p: {
    connectTimeoutMs: number;
    applicationName?: string;
    clients?: Set<DatabaseClient>;
    observe?: Observe | undefined;
  },
): ClientOptions {
  const { hostname, port, username, password, pathname, searchParams: params } = new URL(url);
  const isPgBouncer = params.get("pgbouncer") === "true"; // as Prisma writes it
  const options = params.get("options");
  const host = params.get("host") ?? hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    // without one the driver looks into the file .pgpass
    ...(password && { password: decodeURIComponent(password) }),
    database: decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
    ssl: host.startsWith("/") ? false : readTls(params),
    sslnegotiation: params.get("sslnegotiation") === "direct" ? "direct" : "postgres",
    application_name: params.get("application_name") ?? p.applicationName ?? "prochat",
    connectionTimeoutMillis: p.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    startup: {
      ...passedOn,
      ...(!isPgBouncer && params.get("startup") !== "passed-on" && sessionOnly),
      ...(options && { options }),
    },
    hasNamedStatements: params.get("prepare") !== "false",
    clients: p.clients ?? new Set(),
    observe: p.observe,
  } as ClientOptions;
}

/** The mode of the pooler that the URL leads to, as examine.ts found; null: there is none. */
export function readPooler(url: string): PoolerMode | null {
  const found = new URL(url).searchParams.get("pooler");
  return found === "session" || found === "transaction" ? found : null;
}

/** As libpq means the modes. `prefer` and `allow` need a first try: examine.ts. */
function readTls(params: URLSearchParams): TlsOptions | false {
  const mode = params.get("sslmode") ?? "disable";
  if (mode === "disable") return false;
  const file = (name: string) => readFile(name, params.get(name));
  const authority = params.get("sslrootcert") === "system" ? undefined : file("sslrootcert");
  const isVerified = mode === "verify-full" || mode === "verify-ca" || (mode === "require" && authority);
  return {
    ca: authority,
    cert: file("sslcert"),
    key: file("sslkey"),
    rejectUnauthorized: Boolean(isVerified),
    ...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
  };
}

function readFile(name: string, path: string | null): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError(
      "config_invalid",
      `${name} of DATABASE_URL is ${path}, which cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    );
  }
}
