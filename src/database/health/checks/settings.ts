import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { readMemory } from "#platform/machine.ts";
import type { HealthLevel } from "#protocol/health.ts";
import { type Check, type Finding, ok, perRun, type Source } from "./check.ts";
import { isOnThisMachine } from "./hosts.ts";
import { judgeMemory, type Memory } from "./shared-memory.ts";

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
  "auto_explain.log_min_duration",
  "pg_stat_statements.track_utility",
  "log_min_duration_statement",
  "log_statement",
];

export const listSettings = defineQuery(
  { name: "settings of PostgreSQL that matter", indexes: [], sample: () => [] },
  (db: Db): Promise<Setting[]> =>
    sql<Setting>`
      select name, setting as value
      from pg_settings
      where name = any(${read})`.rows(db),
);

export const getMemory = defineQuery(
  { name: "memory that PostgreSQL may use", indexes: [], sample: () => [] },
  async (db: Db): Promise<Memory> => {
    const [row] = await sql<Memory>`
      select pg_size_bytes(current_setting('shared_buffers'))::float as "sharedBytes",
        pg_database_size(current_database())::float as "databaseBytes"`.rows(db);
    return row!;
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
      name: "auto_explain.log_min_duration",
      isWell: value => value === "-1",
      danger: "the plans in PostgreSQL's log show people's words in their conditions",
      line: `alter system set auto_explain.log_min_duration = -1; ${reload}`,
    },
    {
      name: "pg_stat_statements.track_utility",
      isWell: value => value === "off",
      danger: "passwords of roles stay readable in pg_stat_statements",
      line: `alter system set pg_stat_statements.track_utility = off; ${reload}`,
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
  if (broken.length === 0) {
    const names = rulesOf(all).map(({ name }) => name);
    return ok(`As they should be: ${names.join(", ")}.`, { value: 0 });
  }
  return {
    level,
    value: broken.length,
    why: `${broken.map(({ name, danger }) => `${name} is ${all.get(name)}: ${danger}`).join("; ")}.`,
    fix: `As a superuser: ${broken[0]!.line}`,
    facts: broken.map(({ line }) => line),
  };
}

const about = "database";
const unit = "count";

export const settingChecks: Check[] = [
  {
    ...{ id: "settings-durability", title: "What is committed stays", about, unit },
    healthy: "fsync and the like are on",
    look: source => follow(source, () => durability, "error"),
  },
  {
    ...{ id: "settings-care", title: "PostgreSQL cleans up", about, unit, healthy: "autovacuum and checksums are on" },
    look: source => follow(source, () => care, "warn"),
  },
  {
    ...{ id: "settings-memory", title: "Memory of PostgreSQL", about, unit: "bytes" },
    healthy: "about a quarter of the machine's memory, or the whole database",
    look: async ({ db, config }) =>
      judgeMemory(await getMemory(db), isOnThisMachine(config) ? ((await readMemory())?.totalBytes ?? null) : null),
  },
];

export const privateSettings: Check = {
  ...{ id: "settings-privacy", title: "PostgreSQL's log and passwords", about, unit },
  healthy: "no people's words in it",
  look: source => follow(source, privacy, "warn"),
};
