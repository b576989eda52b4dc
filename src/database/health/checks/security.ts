import { existsSync } from "node:fs";
import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { findAddressProblem } from "#platform/client-address.ts";
import type { Config } from "#platform/config.ts";
import { type Check, type Finding, ok } from "./check.ts";
import {
  type DatabasePort,
  databaseHostOf,
  isOnThisMachine,
  judgeDatabasePort,
  judgeServerPort,
  loopback,
  type Trusted,
} from "./hosts.ts";

type Transport = { isEncrypted: boolean };

export const getTransport = defineQuery(
  { name: "whether this connection is encrypted", indexes: [], sample: () => [] },
  async (db: Db): Promise<Transport> => {
    const [row] = await sql<Transport>`
      select coalesce(ssl, false) as "isEncrypted" from pg_stat_ssl where pid = pg_backend_pid()`.rows(db);
    return row ?? { isEncrypted: false };
  },
);

type Port = DatabasePort & { mayReadRules: boolean };

export const getPort = defineQuery(
  { name: "where PostgreSQL listens", indexes: [], sample: () => [] },
  async (db: Db): Promise<Port> => {
    const [row] = await sql<Port>`
      select current_setting('listen_addresses') as addresses, current_setting('port')::integer as port,
        exists (select from pg_stat_replication where client_addr is not null) as "hasReplicas",
        has_table_privilege('pg_hba_file_rules', 'select')
          and has_function_privilege('pg_hba_file_rules()', 'execute') as "mayReadRules"`.rows(db);
    return row!;
  },
);

/**
 * Lines of pg_hba.conf that let programs of other machines in without a password. No proven query: only a superuser may read
 * them.
 */
const listTrusted = (db: Db): Promise<Trusted[]> =>
  sql<Trusted>`
    select line_number as line,
      concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','), address, netmask, auth_method)
        as rule
    from pg_hba_file_rules
    where auth_method = 'trust'
      and type <> 'local'
      and address not in ('127.0.0.1', '::1', 'localhost', 'samehost')
    order by line_number`.rows(db);

const usualPasswords = [
  ...["postgres", "password", "prochat", "secret", "admin", "root", "changeme", "change-me", "test", "123456"],
  ...["minioadmin", "redis", "default", "example", "foobared"],
];

const isUsual = (secret: string, name = "") =>
  secret !== "" && [...usualPasswords, name.toLowerCase()].includes(secret.toLowerCase());

/** The settings whose secret is one that attackers try first. The secret itself is never shown. */
function findUsual({ databaseUrl, redisUrl, s3 }: Config): { setting: string; host: string; fix: string }[] {
  const database = credentialsOf(databaseUrl);
  const candidates = [
    { setting: "DATABASE_URL", ...database, fix: `alter role ${database.name} password '<a random one>';` },
    { setting: "REDIS_URL", ...credentialsOf(redisUrl), fix: "in redis.conf: requirepass <a random one>" },
    {
      setting: "S3_SECRET_ACCESS_KEY",
      host: s3 ? new URL(s3.endpoint).hostname : "",
      name: s3?.accessKeyId ?? "",
      secret: s3?.secretAccessKey ?? "",
      fix: "make a new key in the store",
    },
  ];
  return candidates.filter(({ name, secret }) => isUsual(secret, name));
}

function credentialsOf(text: string | null) {
  const { hostname: host = "", username = "", password = "" } = text === null ? {} : new URL(text);
  return { host, name: decodeURIComponent(username), secret: decodeURIComponent(password) };
}

/** There the port is open to other containers; whether to the world, cannot be seen from inside. */
const isContainer = existsSync("/.dockerenv") || existsSync("/run/.containerenv");

const unit = "count";

export const securityChecks: Check[] = [
  {
    ...{ id: "address", title: "Address of the server", about: "server", unit },
    healthy: "PUBLIC_URL with https, and TRUST_PROXY",
    look: ({ config }) => judgeAddress(config),
  },
  {
    ...{ id: "server-port", title: "Port of the server", about: "server", unit },
    healthy: "open to the proxy only",
    look: ({ config }) => judgeServerPort(config, isContainer),
  },
  {
    ...{ id: "default-passwords", title: "Passwords", about: "server", unit, healthy: "none of the usual ones" },
    look({ config }) {
      const found = findUsual(config);
      if (found.length === 0) return ok("No password is one of those that attackers try first.", { value: 0 });
      const names = found.map(({ setting }) => setting);
      return {
        // Of a program on this machine, the port may be closed to all others.
        level: found.every(({ host }) => loopback.test(host)) ? "warn" : "error",
        value: found.length,
        why: `${names.join(" and ")} ${names.length === 1 ? "has a password" : "have passwords"} that attackers try first.`,
        fix: `Set a random one where it is kept, then change ${names.join(" and ")}, and restart the server: openssl rand -base64 24`,
        facts: found.map(({ setting, fix }) => `${setting}: ${fix}`),
      };
    },
  },
  {
    ...{ id: "redis-password", title: "Password of Redis", about: "redis", unit, healthy: "set" },
    look({ config }) {
      if (config.redisUrl === null) return null;
      const { hostname, password } = new URL(config.redisUrl);
      if (password !== "") return ok("Redis asks for a password.");
      if (loopback.test(hostname)) return ok("Redis is on this machine.");
      return {
        level: "warn",
        why: `Redis on ${hostname} asks for no password: each program that reaches its port reads and changes what it holds.`,
        fix: "In redis.conf: requirepass <a random one>; then REDIS_URL=redis://:<that one>@…, and restart both.",
      };
    },
  },
  {
    ...{ id: "database-encryption", title: "Way to the database", about: "database", unit },
    healthy: "encrypted, or within one machine",
    async look({ db, config }) {
      if (isOnThisMachine(config)) return ok("The database is on this machine.");
      if ((await getTransport(db)).isEncrypted) return ok("Messages are encrypted on their way to the database.");
      return {
        level: "warn",
        why: `Messages travel to the database on ${databaseHostOf(config)} unencrypted.`,
        fix: "Add ?sslmode=verify-full to DATABASE_URL, and restart the server.",
      };
    },
  },
  {
    ...{ id: "database-port", title: "Port of PostgreSQL", about: "database", unit },
    healthy: "open to those who need it, with a password",
    async look({ db, config }) {
      const port = await getPort(db);
      return judgeDatabasePort(port, port.mayReadRules ? await listTrusted(db) : [], config);
    },
  },
];

function judgeAddress(config: Config): Finding {
  const problem = findAddressProblem(config);
  if (problem) return { level: "warn", why: problem, fix: "Set PUBLIC_URL and TRUST_PROXY, and restart the server." };
  const url = config.publicUrl === null ? null : new URL(config.publicUrl);
  if (url?.protocol === "http:" && !loopback.test(url.hostname))
    return {
      level: "warn",
      why: `${url.origin} is not encrypted: passwords and messages can be read on their way.`,
      fix: "Put a proxy with HTTPS in front, and set PUBLIC_URL to its https:// address.",
    };
  return ok(url ? `People open ${url.origin}.` : "Only this machine reaches the server.");
}
