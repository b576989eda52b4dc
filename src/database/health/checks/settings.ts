import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { findAddressProblem } from "#platform/client-address.ts";
import type { HealthLevel } from "#protocol/health.ts";
import { type Check, type Finding, inBytes, ok, perRun, type Source } from "./check.ts";

type Setting = { name: string; value: string };

const read = [
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "data_checksums",
  "autovacuum",
  "track_counts",
  "password_encryption",
  "log_parameter_max_length",
  "log_min_duration_statement",
  "log_statement",
  "idle_in_transaction_session_timeout",
];

export const listSettings = defineQuery(
  { name: "settings of PostgreSQL that matter", indexes: [], sample: () => [] },
  (db: Db): Promise<Setting[]> =>
    sql<Setting>`
      select name, setting as value
      from pg_settings
      where name = any(${read})`.rows(db),
);

type Memory = { sharedBytes: number; maxWalBytes: number };

export const getMemory = defineQuery(
  { name: "memory that PostgreSQL may use", indexes: [], sample: () => [] },
  async (db: Db): Promise<Memory> => {
    const [row] = await sql<Memory>`
      select pg_size_bytes(current_setting('shared_buffers'))::float as "sharedBytes",
        pg_size_bytes(current_setting('max_wal_size'))::float as "maxWalBytes"`.rows(db);
    return row!;
  },
);

type Transport = { isEncrypted: boolean };

export const getTransport = defineQuery(
  { name: "whether this connection is encrypted", indexes: [], sample: () => [] },
  async (db: Db): Promise<Transport> => {
    const [row] = await sql<Transport>`
      select coalesce(ssl, false) as "isEncrypted" from pg_stat_ssl where pid = pg_backend_pid()`.rows(db);
    return row ?? { isEncrypted: false };
  },
);

const settings = perRun(async ({ db }) => new Map((await listSettings(db)).map(({ name, value }) => [name, value])));

type Rule = { name: string; isWell: (value: string) => boolean; danger: string; line: string };
const reload = "select pg_reload_conf();";

const durability: Rule[] = [
  {
    name: "fsync",
    isWell: value => value === "on",
    danger: "a power failure can destroy the whole database",
    line: `alter system set fsync = on; ${reload}`,
  },
  {
    name: "full_page_writes",
    isWell: value => value === "on",
    danger: "a crash can leave pages half written",
    line: `alter system set full_page_writes = on; ${reload}`,
  },
  {
    name: "synchronous_commit",
    isWell: value => value !== "off",
    danger: "messages that were confirmed can be lost in a crash",
    line: `alter system set synchronous_commit = on; ${reload}`,
  },
];

const care: Rule[] = [
  {
    name: "autovacuum",
    isWell: value => value === "on",
    danger: "dead rows stay and tables grow without end",
    line: `alter system set autovacuum = on; ${reload}`,
  },
  {
    name: "track_counts",
    isWell: value => value === "on",
    danger: "autovacuum does not know what to clean",
    line: `alter system set track_counts = on; ${reload}`,
  },
  {
    name: "data_checksums",
    isWell: value => value === "on",
    danger: "pages that the disk has damaged are not noticed",
    line: "stop PostgreSQL, then run: pg_checksums --enable -D <its data folder>",
  },
];

/** The defaults of PostgreSQL write the values of statements, so people's words, into its log. */
const privacy = (all: Map<string, string>): Rule[] => {
  const logsStatements =
    all.get("log_statement") !== "none" || Number(all.get("log_min_duration_statement") ?? -1) >= 0;
  return [
    {
      name: "log_parameter_max_length",
      isWell: value => !logsStatements || value === "0",
      danger: "people's words are written into PostgreSQL's log",
      line: `alter system set log_parameter_max_length = 0; ${reload}`,
    },
    {
      name: "password_encryption",
      isWell: value => value === "scram-sha-256",
      danger: "passwords of roles are stored in a form that can be cracked",
      line: `alter system set password_encryption = 'scram-sha-256'; ${reload} Then set each password again.`,
    },
  ];
};

async function follow(
  source: Source,
  rulesOf: (all: Map<string, string>) => Rule[],
  level: HealthLevel,
): Promise<Finding> {
  const all = await settings(source);
  const broken = rulesOf(all).filter(({ name, isWell }) => all.has(name) && !isWell(all.get(name)!));
  if (broken.length === 0) return ok("They are as they should be.", { value: 0 });
  return {
    level,
    value: broken.length,
    why: `${broken.map(({ name, danger }) => `${name} is ${all.get(name)}: ${danger}`).join("; ")}.`,
    fix: `As a superuser: ${broken[0]!.line}`,
    facts: broken.map(({ line }) => line),
  };
}

const loopback = /^(127\.|localhost$|\[?::1\]?$|$)/;
const defaultPasswords = ["postgres", "password", "prochat", "secret", "admin", "changeme", "test", "123456"];
const about = "database";
const unit = "count";

export const settingChecks: Check[] = [
  {
    ...{
      id: "settings-durability",
      title: "What is committed stays",
      about,
      unit,
      healthy: "fsync and the like are on",
    },
    look: source => follow(source, () => durability, "error"),
  },
  {
    ...{ id: "settings-care", title: "PostgreSQL cleans up", about, unit, healthy: "autovacuum and checksums are on" },
    look: source => follow(source, () => care, "warn"),
  },
  {
    ...{
      id: "settings-privacy",
      title: "PostgreSQL's log and passwords",
      about,
      unit,
      healthy: "no people's words in it",
    },
    look: source => follow(source, privacy, "warn"),
  },
  {
    ...{ id: "settings-memory", title: "Memory of PostgreSQL", about, unit: "bytes", healthy: "128 MB or more" },
    async look({ db }) {
      const { sharedBytes: value } = await getMemory(db);
      if (value >= 128 * 1024 ** 2) return ok(`PostgreSQL caches up to ${inBytes(value)}.`, { value });
      return {
        level: "warn",
        value,
        why: `PostgreSQL caches ${inBytes(value)} only: most reads go to the disk.`,
        fix: "As a superuser: alter system set shared_buffers = '512MB'; then restart PostgreSQL. A quarter of the memory is usual.",
      };
    },
  },
  {
    ...{
      id: "database-encryption",
      title: "Way to the database",
      about,
      unit,
      healthy: "encrypted, or within one machine",
    },
    async look({ db, config }) {
      const url = new URL(config.databaseUrl ?? "postgres://127.0.0.1");
      const host = url.searchParams.get("host") ?? url.hostname;
      if (host.startsWith("/") || loopback.test(host)) return ok("The database is on this machine.");
      if ((await getTransport(db)).isEncrypted) return ok("Messages are encrypted on their way to the database.");
      return {
        level: "warn",
        why: `Messages travel to the database on ${host} unencrypted.`,
        fix: "Add ?sslmode=verify-full to DATABASE_URL, and restart the server.",
      };
    },
  },
  {
    ...{ id: "database-password", title: "Password of the database", about, unit, healthy: "none of the usual ones" },
    look({ config }) {
      if (config.databaseUrl === null) return ok("The embedded PostgreSQL has a random password.");
      const { username, password } = new URL(config.databaseUrl);
      const isUsual = [...defaultPasswords, username].includes(decodeURIComponent(password).toLowerCase());
      if (!isUsual) return ok("It is none of those that attackers try first.");
      return {
        level: "warn",
        why: "The password in DATABASE_URL is one of those that attackers try first.",
        fix: `Run: alter role ${username} password '<a random one>'; Then change DATABASE_URL and restart the server.`,
      };
    },
  },
  {
    ...{
      id: "address",
      title: "Address of the server",
      about: "server",
      unit,
      healthy: "PUBLIC_URL with https, and TRUST_PROXY",
    },
    look({ config }) {
      const problem = findAddressProblem(config);
      if (problem)
        return { level: "warn", why: problem, fix: "Set PUBLIC_URL and TRUST_PROXY, and restart the server." };
      const url = config.publicUrl === null ? null : new URL(config.publicUrl);
      if (url?.protocol === "http:" && !loopback.test(url.hostname))
        return {
          level: "warn",
          why: `${url.origin} is not encrypted: passwords and messages can be read on their way.`,
          fix: "Put a proxy with HTTPS in front, and set PUBLIC_URL to its https:// address.",
        };
      return ok(url ? `People open ${url.origin}.` : "Only this machine reaches the server.");
    },
  },
];
