import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { byThreshold, type Check, inTime, ok, perRun } from "./check.ts";

type Basics = { encoding: string; ctype: string; name: string };

export const getEncoding = defineQuery(
  { name: "encoding and ctype of the database", indexes: [], sample: () => [] },
  async (db: Db): Promise<Basics> => {
    const [row] = await sql<Basics>`
      select pg_encoding_to_char(encoding) as encoding, datctype as ctype, datname as name
      from pg_database
      where datname = current_database()`.rows(db);
    return row!;
  },
);

/** Of the database, in milliseconds since 1970. */
export const getClock = defineQuery(
  { name: "the database's clock", indexes: [], sample: () => [] },
  async (db: Db): Promise<number> => {
    const [row] = await sql<{ ms: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float as ms`.rows(db);
    return row!.ms;
  },
);

const basics = perRun(({ db }) => getEncoding(db));
const about = "database";
const unit = "count";

export const basicChecks: Check[] = [
  {
    ...{
      id: "clock",
      title: "Clocks of server and database",
      about,
      unit: "seconds",
      healthy: "less than 1 second apart",
    },
    metric: "prochat_clock_difference_seconds",
    async look({ db }) {
      const before = Date.now();
      const theirs = await getClock(db);
      const after = Date.now();
      // The answer was written at some moment between: only what lies outside is a difference.
      const difference = Math.max(0, before - theirs, theirs - after) / 1000;
      const level = byThreshold(difference, { warn: 1, error: 30 });
      if (level === "ok") return ok("Both clocks show the same time.", { value: difference });
      return {
        level,
        value: difference,
        why: `The clocks are ${inTime(difference)} apart: times of messages and ends of sessions are wrong by that.`,
        fix: "Switch on time synchronisation (NTP) on both machines: timedatectl set-ntp true",
      };
    },
  },
  {
    ...{ id: "encoding", title: "Encoding", about, unit, healthy: "UTF8" },
    async look(source) {
      const { encoding, name } = await basics(source);
      if (encoding === "UTF8") return ok("The database stores all characters (UTF8).");
      return {
        level: "error",
        why: `The database ${name} has the encoding ${encoding}: messages in most languages cannot be stored.`,
        fix: `Move to a new database: create database prochat encoding 'UTF8' template template0;`,
      };
    },
  },
  {
    ...{ id: "ctype", title: "Letters of all languages", about, unit, healthy: "any ctype but C" },
    async look(source) {
      const { ctype, name } = await basics(source);
      if (ctype !== "C" && ctype !== "POSIX") return ok(`PostgreSQL knows letters of all languages (${ctype}).`);
      return {
        level: "warn",
        why: `The database ${name} has the ctype ${ctype}: PostgreSQL knows no letters beside a to z, so a search by similar words finds nothing in other scripts.`,
        fix: "The ctype of a database cannot be changed. Move to a new one: create database prochat lc_ctype 'C.UTF-8' template template0; Nothing else depends on it.",
      };
    },
  },
];
