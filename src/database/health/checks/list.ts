import { queriesOf } from "#database/query-plans/define-query.ts";
import * as websiteSizes from "#database/sizes/websites.ts";
import { type HealthArea, healthAreas } from "#protocol/health.ts";
import * as backups from "./backups.ts";
import * as basics from "./basics.ts";
import * as bloat from "./bloat.ts";
import { certificateChecks } from "./certificates.ts";
import type { Check, ListedCheck } from "./check.ts";
import { indexChecks } from "./indexes.ts";
import * as jobs from "./jobs.ts";
import { partitionChecks } from "./partitions.ts";
import * as privacy from "./privacy.ts";
import { processChecks } from "./processes.ts";
import { redisChecks } from "./redis.ts";
import { searchChecks } from "./search.ts";
import * as security from "./security.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as sizes from "./sizes.ts";
import { storageChecks, storageVersions } from "./storage.ts";
import * as vacuum from "./vacuum.ts";
import * as wal from "./wal.ts";

/** Everything that is watched. A new check is added here, and nowhere else. */
const watched: Record<HealthArea, Check[]> = {
  database: [
    ...settings.settingChecks,
    ...indexChecks,
    ...partitionChecks,
    ...sizes.sizeChecks,
    ...sessions.sessionChecks,
    ...wal.walChecks,
    ...vacuum.vacuumChecks,
    ...bloat.bloatChecks,
    ...jobs.jobChecks,
    ...searchChecks,
    ...basics.basicChecks,
  ],
  server: [...processChecks, ...redisChecks],
  backup: [...backups.backupChecks, ...storageChecks],
  security: [...security.securityChecks, ...certificateChecks],
  privacy: [...privacy.privacyChecks, settings.privateSettings, storageVersions],
};

export const checks: ListedCheck[] = healthAreas.flatMap(area => watched[area].map(check => ({ ...check, area })));

export const checkQueries = [
  ...[backups, basics, bloat, jobs, privacy, security, sessions, settings, sizes, vacuum, wal, websiteSizes],
].flatMap(queriesOf);
