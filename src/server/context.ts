import type { Logger } from "pino";
import type { Connection } from "#database/connect.ts";
import type { Config } from "#platform/config.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import type { Limits } from "#platform/rate-limits.ts";
import type { Relay } from "#platform/redis/pubsub.ts";
import type { Draft, Written } from "./features/messages/write.ts";
import type { Auth } from "./identity/auth.ts";
import type { VisitorTokens } from "./identity/visitor-token.ts";
import type { Bus } from "./realtime/bus.ts";
import type { Presence } from "./realtime/presence/presence.ts";

/** What the server is made of; every action takes it first. */
export type Ctx = Pick<Connection, "db" | "pool" | "pipelines"> & {
  config: Config;
  log: Logger;
  auth: Auth;
  bus: Bus;
  /** null: without Redis */
  relay: Relay | null;
  limits: Limits;
  metrics: Metrics;
  presence: Presence;
  visitorTokens: VisitorTokens;
  /** Writes a message in the next batch. */
  write: (draft: Draft) => Promise<Written>;
  /** What only the person at the terminal knows until the set-up is done. */
  setupCode: string;
  /** The page to try the widget on, once it listens. */
  demoUrl: string | null;
};
