import { userInfo } from "node:os";

type Env = Record<string, string | undefined>;
type Parts = { user: string; password: string; hosts: string; database: string; params: URLSearchParams };

/** As libpq means them; `no-verify` is the driver's own word for `require`. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/**
 * Reads a connection URL as libpq does and writes it so that `new URL()` reads it: characters escaped, what is missing
 * filled in from the variables of libpq (PGPASSWORD, PGSSLMODE …). Nothing else reads these.
 * @throws Error with what to write instead; the password is not in it
 */
export function normalizeDatabaseUrl(text: string, env: Env): string {
  const { user, password, hosts, database, params } = readParts(text);
  const take = (name: string, other: string, variable: string) => {
    const value = params.get(name) || other || env[variable] || "";
    params.delete(name);
    return value;
  };
  const chosenUser = take("user", user, "PGUSER") || userInfo().username;
  const chosenPassword = take("password", password, "PGPASSWORD");
  const chosenDatabase = take("dbname", database, "PGDATABASE") || chosenUser;
  const { host, port: portOfHost } = readHost(take("host", hosts, "PGHOST") || "localhost");
  const port = readPort(take("port", portOfHost, "PGPORT") || "5432");
  for (const [name, variable] of fromEnvironment) {
    if (!params.has(name) && env[variable]) params.set(name, env[variable]);
  }
  chooseSslMode(params);

  const isSocket = host.startsWith("/");
  if (isSocket) params.set("host", host);
  const authority = isSocket ? "localhost" : host.includes(":") ? `[${host}]` : encodeURIComponent(host);
  const credentials = encodeURIComponent(chosenUser) + (chosenPassword && `:${encodeURIComponent(chosenPassword)}`);
  const query = params.size > 0 ? `?${params}` : "";
  return `postgres://${credentials}@${authority}:${port}/${encodeURIComponent(chosenDatabase)}${query}`;
}

const fromEnvironment = [
  ["sslmode", "PGSSLMODE"],
  ["sslrootcert", "PGSSLROOTCERT"],
  ["sslcert", "PGSSLCERT"],
  ["sslkey", "PGSSLKEY"],
  ["options", "PGOPTIONS"],
] as const;

const escapes = "@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25";
const strict = /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^/?#@]*)(?:\/([^/?#@]*))?(?:\?([^#]*))?$/i;
/** With such characters in the password: it ends at the last @. */
const loose = /^postgres(?:ql)?:\/\/([^:]*):(.*)@([^/?#@]*)(?:\/([^/?#@]*))?(?:\?(.*))?$/is;

function readParts(text: string): Parts {
  if (!/^postgres(ql)?:\/\//i.test(text))
    throw new Error("it must begin with postgres://, as in postgres://user:password@host:5432/name");
  const found = [strict.exec(text), loose.exec(text)].find(match => match && isHostList(match[3]!));
  if (!found) {
    throw new Error(
      `its parts cannot be told apart. Write postgres://user:password@host:5432/name, and escape what is special: ${escapes}`,
    );
  }
  const [, user = "", password = "", hosts = "", database = "", query = ""] = found;
  return {
    user: decode(user),
    password: decode(password),
    hosts: decode(hosts),
    database: decode(database),
    params: new URLSearchParams(query),
  };
}

const isHostList = (text: string) => text.split(",").every(host => /^(\[[^\]]*\]|[^:[\]]*)(:\d*)?$/.test(host));

/** Decodes what is escaped. A % that begins no escape is itself. */
function decode(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, escaped => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

function readHost(hosts: string): { host: string; port: string } {
  if (hosts.startsWith("/")) return { host: hosts, port: "" };
  if (hosts.includes(",")) {
    throw new Error(
      "it names several hosts, and Pro LiveChat connects to one. Write the primary's, or that of a proxy that leads to " +
        "the primary, such as HAProxy",
    );
  }
  const [, address, name = address ?? "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(hosts) ?? [];
  // An IPv6 address in the parameter `host` has no brackets.
  return name ? { host: name, port } : { host: hosts, port: "" };
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`its port is "${text}". Write a number from 1 to 65535`);
}

function chooseSslMode(params: URLSearchParams): void {
  const ssl = params.get("ssl");
  params.delete("ssl");
  if (ssl && !params.has("sslmode")) {
    const modes: Record<string, string> = { "0": "disable", false: "disable", "no-verify": "no-verify" };
    params.set("sslmode", modes[ssl] ?? "verify-full");
  }
  const mode = params.get("sslmode");
  if (mode === null) return;
  if (!sslModes.includes(mode)) throw new Error(`its sslmode is "${mode}". Write one of ${sslModes.join(", ")}`);
  if (mode === "verify-ca" && !params.get("sslrootcert")) {
    throw new Error(
      "sslmode=verify-ca needs the authority's certificate: add sslrootcert=/path/to/ca.pem, or write sslmode=verify-full",
    );
  }
}
