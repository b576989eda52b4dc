import { queriesOf } from "#database/query-plans/define-query.ts";
import * as backups from "./backups.ts";
import * as basics from "./basics.ts";
import type { Check } from "./check.ts";
import { indexChecks } from "./indexes.ts";
import * as jobs from "./jobs.ts";
import { partitionChecks } from "./partitions.ts";
import { processChecks } from "./processes.ts";
import { redisChecks } from "./redis.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as sizes from "./sizes.ts";
import * as vacuum from "./vacuum.ts";
import * as wal from "./wal.ts";

/** Everything that is watched. A new check is added here, and nowhere else. */
export const checks: Check[] = [
  ...settings.settingChecks,
  ...indexChecks,
  ...partitionChecks,
  ...sizes.sizeChecks,
  ...sessions.sessionChecks,
  ...processChecks,
  ...wal.walChecks,
  ...backups.backupChecks,
  ...vacuum.vacuumChecks,
  ...jobs.jobChecks,
  ...basics.basicChecks,
  ...redisChecks,
];

export const checkQueries = [backups, basics, jobs, sessions, settings, sizes, vacuum, wal].flatMap(queriesOf);
