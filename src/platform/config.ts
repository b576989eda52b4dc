import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { type BackupMethod, backupMethods } from "./backup-method.ts";
import { type KeptAddresses, keptAddresses, parseTrustedProxies, type TrustedProxies } from "./client-address.ts";
import { normalizeDatabaseUrl } from "./database-url.ts";
import { logParts, parseLogLevels } from "./log-levels.ts";
import { addressOf, isMailAddress, type MailSettings } from "./mail/addresses.ts";
import { maskUrl } from "./mask-url.ts";
import { parseLimits, ruleNames } from "./rate-limit-rules.ts";
import { parseHeaders, readTraceSettings, type TraceSettings } from "./requests/trace-settings.ts";
import { isTimeZone } from "./time-zone.ts";
import { type WebhookNetworks, webhookNetworks } from "./webhooks/networks.ts";

const port = z.coerce.number().int().min(0).max(65535);

/** Part of max_connections in database/embedded/settings.ts; jobs, migrations and psql get the rest. */
const maxEmbeddedConnections = 540;
const batchConnections = 2;
/** Those of the first process: start-up queries, jobs and checks. */
const primaryConnections = 5;

/** The connections to PostgreSQL that all processes use together, at most. */
export const maxConnections = ({ processes, databasePoolSize }: Pick<Config, "processes" | "databasePoolSize">) =>
  processes * (databasePoolSize + batchConnections) + primaryConnections;

/** All settings. `prochat doctor` prints their descriptions; docs/configuration.md describes each one. */
export const settings = z.object({
  PORT: port.default(8080).describe("port of the server; 0 picks a free one"),
  HOST: z.string().min(1).default("127.0.0.1").describe("address to listen on; 0.0.0.0 opens it to the network"),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("address in people's browsers if a proxy is in front, such as https://chat.example.com"),
  TRUST_PROXY: z
    .string()
    .transform((text, ctx) => parseTrustedProxies(text) ?? ctx.addIssue("neither a number nor networks") ?? z.NEVER)
    .optional()
    .describe(
      "proxies in front whose X-Forwarded-For counts: their number (0 to 10), or their networks such as 10.0.0.0/8, loopback or private",
    ),
  DEMO_PORT: z
    .union([z.literal("off"), port])
    .optional()
    .describe("port of the demo page, which has its own origin; default PORT + 1, off for none"),
  DATA_DIR: z.string().min(1).default("./data").describe("folder for the database, the secrets and the files"),
  FILES_DIR: z
    .string()
    .min(1)
    .optional()
    .describe("folder for files, exports and archived months, unless S3_BUCKET is set; default: files in DATA_DIR"),
  SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{32,200}$/)
    .optional()
    .describe(
      "signs sessions and visitors' tokens, the same on all servers (32 to 200 characters); default: made at the first start",
    ),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .refine(text => !new URL(text).username && /^\/?$/.test(new URL(text).pathname))
    .optional()
    .describe("address of an S3-compatible store, without the bucket, such as https://s3.eu-central-1.amazonaws.com"),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe("bucket for files, exports and archived months: 3 to 63 letters in lower case, digits, dots and hyphens"),
  S3_REGION: z
    .string()
    .regex(/^[\w-]+$/)
    .default("us-east-1")
    .describe("region of the bucket, which signatures name; auto with Cloudflare R2"),
  S3_ACCESS_KEY_ID: z
    .string()
    .min(1)
    .optional()
    .describe("the key that may read, write, list and delete in the bucket"),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe("the secret of that key"),
  S3_PREFIX: z
    .string()
    .regex(/^[\w=-][\w.=-]*(\/[\w=-][\w.=-]*)*\/?$/)
    .max(200)
    .optional()
    .describe(
      "path in the bucket below which everything is kept, such as chat/, so that others can use the bucket too",
    ),
  DATABASE_URL: z
    .string()
    .optional()
    .describe("PostgreSQL 15 to 18 to use instead of the embedded one, postgres://user:password@host:5432/name"),
  DIRECT_DATABASE_URL: z
    .string()
    .optional()
    .describe(
      "PostgreSQL's own address, if DATABASE_URL leads to a pooler in transaction mode: for migrations, jobs and the command line",
    ),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(4)
    .max(500)
    .default(10)
    .describe("connections of each process to PostgreSQL (4 to 500)"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis 6 or Valkey that carries events between processes, redis://user:password@host:6379"),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w:.-]+$/)
    .default("prochat:")
    .describe("prefix of the keys and channels in Redis: letters, digits and _ : . -"),
  PROCESSES: z
    .union([z.literal("auto"), z.coerce.number().int().min(1).max(64)])
    .default(1)
    .describe(
      "server processes on the port (1 to 64), or auto for one per processor core; more than one need REDIS_URL",
    ),
  SOCKETS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe(
      "max sockets from one address at once (1 to 1,000,000); an office or a mobile network shares one address",
    ),
  SOCKETS_PER_VISITOR: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .describe("max sockets of one visitor at once (1 to 1,000,000): their tabs and devices"),
  LIMITS: z
    .string()
    .refine(text => parseLimits(text) !== undefined)
    .optional()
    .describe(
      `other limits than the defaults, as rule=points/seconds, such as session=1000/60; rules: ${ruleNames.join(", ")}`,
    ),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/)
    .optional()
    .describe("bearer token for reading /metrics (16 to 200 characters); without it only this machine may read them"),
  AUDIT_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .max(3650)
    .default(365)
    .describe("days that entries of the audit log are kept (30 to 3650)"),
  AUDIT_ADDRESSES: z
    .enum(keptAddresses)
    .default("shortened")
    .describe("how agents' IP addresses are kept in the audit log: shortened, full or none"),
  BACKUPS: z
    .enum(["on", "off"])
    .optional()
    .describe("on: archive the WAL and make a backup each day; off: something else does; default: on with S3_BUCKET"),
  BACKUP_METHOD: z
    .enum(backupMethods)
    .default("auto")
    .describe(
      "physical: the cluster's files and the WAL, by replication; logical: by pg_dump, without the WAL; auto: physical, or logical where the server refuses replication and pg_dump is installed",
    ),
  BACKUP_TIME: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default("02:00")
    .describe("time of the daily backup, 00:00 to 23:59"),
  BACKUP_TIME_ZONE: z
    .string()
    .refine(isTimeZone)
    .optional()
    .describe("time zone of BACKUP_TIME, such as Europe/Berlin; default: the system's"),
  BACKUP_MAX_RATE: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(32)
    .describe(
      "MB of the database that the daily backup copies, and then reads back, each second; 0: as fast as it goes",
    ),
  BACKUP_KEY: z
    .string()
    .optional()
    .describe("keys of age to encrypt backups for (age1…) and to open them (AGE-SECRET-KEY-1…), joined by commas"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      "mail server that alerts and missed answers are sent through, such as smtp://user:password@mail.example.com:587",
    ),
  MAIL_FROM: z
    .string()
    .refine(text => isMailAddress(addressOf(text)) && !/[\r\n]/.test(text))
    .optional()
    .describe('sender of mails, such as chat@example.com or "Chat <chat@example.com>"'),
  WEBHOOK_NETWORKS: z
    .enum(webhookNetworks)
    .default("public")
    .describe("where webhooks may go: public (HTTPS to the internet) or any (private networks too)"),
  CHECK_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(300)
    .default(15)
    .describe("seconds between two runs of the checks (1 to 300)"),
  LOG_LEVEL: z
    .string()
    .transform(withReason(parseLogLevels))
    .default("warn")
    .describe(
      `min severity that is logged: debug, info, warn or error; for a part of its own, such as info,jobs=debug: ${logParts.join(", ")}`,
    ),
  LOG_FORMAT: z
    .enum(["json", "text"])
    .optional()
    .describe("json: an object a line; text: for people; default: text if stderr is a terminal"),
  SLOW_QUERY_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600_000)
    .default(1_000)
    .describe("milliseconds from which a statement is logged as slow, with its wait for a connection (1 to 3600000)"),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("address of an OpenTelemetry collector that takes traces over OTLP/HTTP, such as http://localhost:4318"),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .refine(text => parseHeaders(text) !== undefined)
    .optional()
    .describe("headers for the collector, such as authorization=Bearer%20…, joined by commas; never shown"),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .default("prochat")
    .describe("name of the server in traces: letters, digits and _ . -"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("share of the requests that are traced, 0 to 1"),
});

/** Checks a text, and keeps it as it is. The reason of a refusal is shown. */
function withReason(parse: (text: string) => unknown) {
  return (text: string, ctx: z.RefinementCtx): string => {
    try {
      parse(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: (error as Error).message, params: { isReason: true } });
    }
    return text;
  };
}

export type S3Settings = {
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** "", or a path that ends with a slash */
  prefix: string;
};

export type Config = {
  port: number;
  host: string;
  publicUrl: string | null;
  /** null: not said */
  trustProxy: TrustedProxies;
  /** null: no demo page */
  demoPort: number | null;
  dataDir: string;
  filesDir: string;
  /** null: that of DATA_DIR/secrets.json */
  secret: string | null;
  /** null: the folder filesDir */
  s3: S3Settings | null;
  /** null: the embedded PostgreSQL */
  databaseUrl: string | null;
  /** the same database past its pooler; null: databaseUrl */
  directDatabaseUrl: string | null;
  databasePoolSize: number;
  /** null: a process gets only its own events */
  redisUrl: string | null;
  redisPrefix: string;
  processes: number;
  socketsPerAddress: number;
  socketsPerVisitor: number;
  /** as parseLimits() takes them */
  limits: string | null;
  /** null: only this machine may read the metrics */
  metricsToken: string | null;
  auditDays: number;
  auditAddresses: KeptAddresses;
  /** null: not said, so on if backups leave the machine */
  backups: "on" | "off" | null;
  backupMethod: BackupMethod;
  backupTime: string;
  backupTimeZone: string;
  /** as readBackupKeys() takes them; null: backups are not encrypted */
  /** bytes a second; null: as fast as it goes */
  backupMaxRate: number | null;
  backupKey: string | null;
  /** null: no mail is sent */
  mail: MailSettings | null;
  webhookNetworks: WebhookNetworks;
  checkSeconds: number;
  /** as parseLogLevels() takes it */
  logLevel: string;
  logFormat: "json" | "text";
  slowQueryMs: number;
  /** null: nothing is traced */
  traces: TraceSettings | null;
};

/**
 * Reads the configuration. Nothing else in the program reads the environment.
 * @param given  settings from the command line, which override those of the environment
 * @throws AppError "config_invalid" naming the variable, its value and the expected one
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, given: NodeJS.ProcessEnv = {}): Config {
  const values = parseSettings({ ...env, ...given });
  const processes = values.PROCESSES === "auto" ? availableParallelism() : values.PROCESSES;
  refuseConflicts(values, processes);
  const defaultDemoPort = values.PORT === 0 ? 0 : values.PORT + 1;
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, "") ?? null,
    trustProxy: values.TRUST_PROXY ?? null,
    demoPort: values.DEMO_PORT === "off" ? null : (values.DEMO_PORT ?? defaultDemoPort),
    dataDir: resolve(values.DATA_DIR),
    filesDir: resolve(values.FILES_DIR ?? join(values.DATA_DIR, "files")),
    secret: values.SECRET ?? null,
    s3: readS3(values),
    databaseUrl: values.DATABASE_URL ?? null,
    directDatabaseUrl: values.DIRECT_DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    redisUrl: values.REDIS_URL ?? null,
    redisPrefix: values.REDIS_PREFIX,
    processes,
    socketsPerAddress: values.SOCKETS_PER_ADDRESS,
    socketsPerVisitor: values.SOCKETS_PER_VISITOR,
    limits: values.LIMITS ?? null,
    metricsToken: values.METRICS_TOKEN ?? null,
    auditDays: values.AUDIT_DAYS,
    auditAddresses: values.AUDIT_ADDRESSES,
    backups: values.BACKUPS ?? null,
    backupMethod: values.BACKUP_METHOD,
    backupTime: values.BACKUP_TIME,
    backupTimeZone: values.BACKUP_TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    backupMaxRate: values.BACKUP_MAX_RATE === 0 ? null : values.BACKUP_MAX_RATE * 1_000_000,
    backupKey: values.BACKUP_KEY ?? null,
    mail: readMail(values),
    webhookNetworks: values.WEBHOOK_NETWORKS,
    checkSeconds: values.CHECK_SECONDS,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (process.stderr.isTTY ? "text" : "json"),
    slowQueryMs: values.SLOW_QUERY_MS,
    traces: readTraceSettings(values),
  };
}

type Values = z.infer<typeof settings>;

/** An empty variable counts as absent. */
function parseSettings(env: NodeJS.ProcessEnv): Values {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues as [z.core.$ZodIssue];
    const reason = issue.code === "custom" && issue.params?.isReason ? issue.message : undefined;
    throw invalidSetting(String(issue.path[0]), env, reason);
  }
  const values = parsed.data;
  for (const name of ["DATABASE_URL", "DIRECT_DATABASE_URL"] as const) {
    const url = values[name];
    if (!url) continue;
    try {
      values[name] = normalizeDatabaseUrl(url, present);
    } catch (error) {
      throw invalidSetting(name, env, (error as Error).message);
    }
  }
  return values;
}

function invalidSetting(name: string, env: NodeJS.ProcessEnv, why?: string): AppError {
  const { description } = settings.shape[name as keyof typeof settings.shape];
  const reason = why ? `which is not valid: ${why}` : "which is not valid";
  return invalid(`${name} is "${maskSetting(name, env[name] ?? "")}", ${reason}. Expected: ${description}.`);
}

/** Refuses settings that are valid alone but not together. */
function refuseConflicts(values: Values, processes: number): void {
  if (processes > 1 && !values.REDIS_URL) {
    throw invalid(
      `PROCESSES is "${values.PROCESSES}", but ${processes} processes need a Redis to exchange events. ` +
        "Set REDIS_URL, or PROCESSES=1.",
    );
  }
  if (values.DIRECT_DATABASE_URL && !values.DATABASE_URL) {
    throw invalid("DIRECT_DATABASE_URL is set without DATABASE_URL. Without a pooler, DATABASE_URL alone is enough.");
  }
  if (!values.DATABASE_URL && processes * (values.DATABASE_POOL_SIZE + batchConnections) > maxEmbeddedConnections) {
    throw invalid(
      `DATABASE_POOL_SIZE is "${values.DATABASE_POOL_SIZE}", but the embedded PostgreSQL takes only ` +
        `${maxEmbeddedConnections} connections of ${processes} processes, and each uses ${batchConnections} more. ` +
        "Make it smaller, or set DATABASE_URL.",
    );
  }
}

/** null: no bucket is set. @throws AppError "config_invalid" when a setting of it is missing */
function readS3(values: Values): S3Settings | null {
  const needed = {
    S3_ENDPOINT: values.S3_ENDPOINT,
    S3_BUCKET: values.S3_BUCKET,
    S3_ACCESS_KEY_ID: values.S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY: values.S3_SECRET_ACCESS_KEY,
  };
  const names = Object.keys(needed) as (keyof typeof needed)[];
  const missing = names.filter(name => !needed[name]);
  if (missing.length === names.length) return null;
  if (missing.length > 0) {
    const given = names.filter(name => needed[name]);
    throw invalid(`${given.join(", ")} is set, but not ${missing.join(", ")}. An S3 store needs all four, or none.`);
  }
  return {
    endpoint: values.S3_ENDPOINT!.replace(/\/$/, ""),
    bucket: values.S3_BUCKET!,
    region: values.S3_REGION,
    accessKeyId: values.S3_ACCESS_KEY_ID!,
    secretAccessKey: values.S3_SECRET_ACCESS_KEY!,
    prefix: values.S3_PREFIX ? `${values.S3_PREFIX.replace(/\/$/, "")}/` : "",
  };
}

/** null: no mail server is set. @throws AppError "config_invalid" when one of the two settings is missing */
function readMail({ SMTP_URL: url, MAIL_FROM: from }: Values): MailSettings | null {
  if (url && from) return { url, from };
  if (url) throw invalid("SMTP_URL is set, but not MAIL_FROM. Set it to the address that mails come from.");
  if (from) throw invalid("MAIL_FROM is set, but not SMTP_URL. Set it to your mail server, or remove MAIL_FROM.");
  return null;
}

const invalid = (message: string) => new AppError("config_invalid", message);

/** A token, a secret or a password is never shown, also if the setting is not valid. */
export function maskSetting(name: string, value: string): string {
  if (/SECRET|_TOKEN$|_KEY$|_HEADERS$/.test(name)) return "***";
  return /_URL$|_ENDPOINT$/.test(name) ? maskUrl(value) : value;
}
