import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.stringbool({ truthy: ["1", "true", "yes", "on"], falsy: ["0", "false", "no", "off", ""] });

/** Of max_connections in database/embedded/settings.ts; jobs, migrations and a person get the rest. */
const mostEmbeddedConnections = 540;
const batchConnections = 2;

/** Every setting there is. The description is what `prochat doctor` and docs/configuration.md print. */
export const settings = z.object({
  PORT: port.default(8080).describe("port of the server; 0 picks a free one"),
  HOST: z.string().min(1).default("127.0.0.1").describe("address to listen on; 0.0.0.0 opens it to the network"),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("address people open, when a proxy stands in front, such as https://chat.example.com"),
  TRUST_PROXY: flag
    .default(false)
    .describe("on or off: believe X-Forwarded-For and X-Forwarded-Proto (only behind a proxy)"),
  DEMO_PORT: z
    .union([z.literal("off"), port])
    .optional()
    .describe("port of the demo page, on an origin of its own; default PORT + 1, off for none"),
  DATA_DIR: z.string().min(1).default("./data").describe("folder of the database, the secrets and the files"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("a PostgreSQL 15 to 18 to use in place of the embedded one, postgres://user:password@host:5432/name"),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(4)
    .max(500)
    .default(10)
    .describe("connections to PostgreSQL of each process (count)"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("a Redis 6 or Valkey that tells events between processes, redis://user:password@host:6379"),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w:.-]+$/)
    .default("prochat:")
    .describe(
      "what its keys and channels begin with, in letters, digits and _ : . -, as others may use that Redis too",
    ),
  PROCESSES: z
    .union([z.literal("auto"), z.coerce.number().int().min(1).max(64)])
    .default(1)
    .describe("server processes on the port (1 to 64), or auto for one a processor core; more than one need REDIS_URL"),
  SOCKETS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe("sockets from one address at once (count); an office or a mobile network shares one"),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/)
    .optional()
    .describe(
      "who reads /metrics sends it as a bearer token (16 to 200 characters); unset, this machine itself reads them",
    ),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("warn").describe("least severity that is logged"),
});

export type Config = {
  port: number;
  host: string;
  publicUrl: string | null;
  trustProxy: boolean;
  /** null: no demo page */
  demoPort: number | null;
  dataDir: string;
  /** null: the embedded PostgreSQL */
  databaseUrl: string | null;
  databasePoolSize: number;
  /** null: each process hears only itself */
  redisUrl: string | null;
  redisPrefix: string;
  processes: number;
  socketsPerAddress: number;
  /** null: metrics are for this machine itself */
  metricsToken: string | null;
  logLevel: "debug" | "info" | "warn" | "error";
};

/**
 * Reads the configuration from the environment; nothing else in the program does.
 * @param given  settings that the command line has, which count before those of the environment
 * @throws AppError "config_invalid" naming the variable, its value and what it should be
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, given: NodeJS.ProcessEnv = {}): Config {
  const said = { ...env, ...given };
  const present = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(present);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = String(issue.path[0]);
    const wanted = settings.shape[name as keyof typeof settings.shape].description;
    throw new AppError(
      "config_invalid",
      `${name} is "${maskToken(name, said[name])}", which will not do. Expected: ${wanted}.`,
    );
  }
  const value = parsed.data;
  const processes = value.PROCESSES === "auto" ? availableParallelism() : value.PROCESSES;
  if (processes > 1 && !value.REDIS_URL) {
    throw new AppError(
      "config_invalid",
      `PROCESSES is "${value.PROCESSES}", but there is no REDIS_URL, by which ${processes} processes tell one another what happens. ` +
        "Set REDIS_URL, or PROCESSES=1.",
    );
  }
  if (!value.DATABASE_URL && processes * (value.DATABASE_POOL_SIZE + batchConnections) > mostEmbeddedConnections) {
    throw new AppError(
      "config_invalid",
      `DATABASE_POOL_SIZE is "${value.DATABASE_POOL_SIZE}" for each of ${processes} processes, but the embedded PostgreSQL ` +
        `takes ${mostEmbeddedConnections} connections in all, ${batchConnections} more of each process among them. Make it smaller, or set DATABASE_URL.`,
    );
  }
  const demoDefault = value.PORT === 0 ? 0 : value.PORT + 1;
  return {
    port: value.PORT,
    host: value.HOST,
    publicUrl: value.PUBLIC_URL?.replace(/\/$/, "") ?? null,
    trustProxy: value.TRUST_PROXY,
    demoPort: value.DEMO_PORT === "off" ? null : (value.DEMO_PORT ?? demoDefault),
    dataDir: resolve(value.DATA_DIR),
    databaseUrl: value.DATABASE_URL ?? null,
    databasePoolSize: value.DATABASE_POOL_SIZE,
    redisUrl: value.REDIS_URL ?? null,
    redisPrefix: value.REDIS_PREFIX,
    processes,
    socketsPerAddress: value.SOCKETS_PER_ADDRESS,
    metricsToken: value.METRICS_TOKEN ?? null,
    logLevel: value.LOG_LEVEL,
  };
}

/** A token is told to nobody, also where it will not do. */
export const maskToken = <Value>(name: string, value: Value) => (name.endsWith("_TOKEN") ? "***" : value);
