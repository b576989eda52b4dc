import type pg from "pg";
import type { Logger } from "pino";
import type { Db } from "#database/connect.ts";
import type { DiskWatch } from "#database/disk-watch.ts";
import type { SharedHealth } from "#database/health/shared.ts";
import type { FindDatabase } from "#database/website-databases.ts";
import type { Config } from "#platform/config.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import type { PubSub } from "#platform/redis/pubsub.ts";
import type { Limits } from "#platform/redis/rate-limits.ts";
import type { Tracing } from "#platform/requests/request-context.ts";
import type { Storage } from "#platform/storage/storage.ts";
import type { Auth } from "#server/identity/auth.ts";
import type { HealthPass } from "#server/identity/health-pass.ts";
import type { KnownBrowsers } from "#server/identity/known-browsers.ts";
import type { Passwords } from "#server/identity/passwords.ts";
import type { VisitorTokens } from "#server/identity/visitor-token.ts";
import type { Bus } from "#server/realtime/bus.ts";
import type { Presence } from "#server/realtime/presence/presence.ts";

/** The parts of a server process; the first parameter of every action. */
export type Ctx = {
  config: Config;
  log: Logger;
  /** the database of users, sessions, accounts, websites, memberships and invitations */
  directory: Db;
  /** Finds a website's own database. Commands get it with their call; this is for code that serves several websites. */
  database: FindDatabase;
  /** for metrics */
  pools: { queries: pg.Pool; batches: pg.Pool };
  /** whether the database's disk was full */
  disk: DiskWatch;
  /** where files, exports and archived months are */
  storage: Storage;
  auth: Auth;
  passwords: Passwords;
  knownBrowsers: KnownBrowsers;
  bus: Bus;
  /** null: without Redis */
  pubsub: PubSub | null;
  limits: Limits;
  metrics: Metrics;
  /** null: nothing is traced */
  tracing: Tracing | null;
  /** what the checks of the installation found */
  health: SharedHealth;
  healthPass: HealthPass;
  presence: Presence;
  visitorTokens: VisitorTokens;
  /** Printed in the terminal; needed to set up the server, once. */
  setupCode: string;
  /** its address in people's browsers */
  url: string;
  /** the address of the demo page; null without one */
  demoUrl: string | null;
};
