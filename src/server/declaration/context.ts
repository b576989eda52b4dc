import type pg from "pg";
import type { Logger } from "pino";
import type { Db } from "#database/connect.ts";
import type { FindDatabase } from "#database/website-databases.ts";
import type { Config } from "#platform/config.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import type { PubSub } from "#platform/redis/pubsub.ts";
import type { Limits } from "#platform/redis/rate-limits.ts";
import type { Auth } from "#server/identity/auth.ts";
import type { VisitorTokens } from "#server/identity/visitor-token.ts";
import type { Bus } from "#server/realtime/bus.ts";
import type { Presence } from "#server/realtime/presence/presence.ts";

/** What a server process is made of; every action takes it first. */
export type Ctx = {
  config: Config;
  log: Logger;
  /** Users, sessions, accounts, websites, memberships, invitations: who may sign in, and which website is where. */
  directory: Db;
  /** A website's own database. Commands get it with their call; only what serves many websites asks here. */
  database: FindDatabase;
  /** for metrics */
  pools: { queries: pg.Pool; batches: pg.Pool };
  auth: Auth;
  bus: Bus;
  /** null: without Redis */
  pubsub: PubSub | null;
  limits: Limits;
  metrics: Metrics;
  presence: Presence;
  visitorTokens: VisitorTokens;
  /** Printed in the terminal; needed to set up the server, once. */
  setupCode: string;
  /** The page to try the widget on, once it listens. */
  demoUrl: string | null;
};
