import { constants, existsSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { Command } from "commander";
import type pg from "pg";
import { judgeBackups } from "#database/backup/schedule/health.ts";
import { areBackupsOn } from "#database/backup/schedule/open.ts";
import { askDirectly } from "#database/direct-connection.ts";
import { readClusterMajor } from "#database/embedded/cluster.ts";
import { explainFolderError } from "#database/embedded/folder-errors.ts";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { clusterPath } from "#database/embedded/start.ts";
import { checkHome } from "#database/migrations/safety/check-home.ts";
import { findHome } from "#database/migrations/session/home.ts";
import { checkRequirements, countOwnConnections } from "#database/preflight/requirements.ts";
import { findAddressProblem } from "#platform/client-address.ts";
import { type Config, maskSetting, maxConnections, type S3Settings, settings } from "#platform/config.ts";
import type { HealthReport } from "#protocol/health.ts";
import { hostInUrl } from "#server/http/listener.ts";
import type { Verification } from "#server/query-proofs/verify-database.ts";
import { type Area, type Line, listLines, printLines } from "./checklist.ts";
import { printVerification } from "./print-verification.ts";
import { requireMigrated } from "./require-migrated.ts";
import { runCommand } from "./run-command.ts";

/** A server that runs answers at once. */
const askMs = 2_000;

type Check = { name: string; area: Area; ok: boolean; detail: string };
type Setting = { name: string; value: string | null; description: string };

export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "print the configuration, with secrets masked, and the list of what to do before going live, each done or what to do; status 1 if something is wrong",
    )
    .option("--json", "report as JSON")
    .action(
      runCommand<{ json?: true }>(async (config, log, { json }) => {
        const { verification, health, ...database } = await checkDatabase(config, log);
        const checks = [
          await checkNode(),
          await checkFolder(config),
          ...database.checks,
          ...(config.redisUrl === null ? [] : [await checkRedis(config.redisUrl)]),
          await checkFiles(config),
          await checkAddress(config),
        ];
        const configuration = listSettings(config);
        const lines = listLines([...checks.map(asLine), ...checkMonitoring(config, health)], health);
        if (json)
          console.log(JSON.stringify({ configuration, checks, checklist: lines, health, database: verification }));
        else
          console.log(
            [
              printSettings(configuration),
              // Of 90 queries that are well, nothing is to be read: prochat verify lists them.
              ...(verification && verification.failures.length > 0 ? [printVerification(verification)] : []),
              printLines(lines),
            ].join("\n\n"),
          );
        return lines.every(({ level }) => level !== "error");
      }),
    );
}

const asLine = ({ name, area, ok, detail }: Check): Line => ({
  ...{ area, name, level: ok ? "ok" : "error", title: titles[name] ?? name, fix: null, facts: [] },
  what: /[.!?]$/.test(detail) ? detail : `${detail}.`,
});

/** Where the name is no word for people. */
const titles: Record<string, string> = {
  node: "Node",
  "data folder": "Data folder",
  database: "PostgreSQL",
  "rights and connections": "Rights and connections",
  migrations: "Migrations",
  "queries, indexes, partitions": "Queries, indexes, partitions",
  backups: "Backups",
  storage: "Files, exports and backups",
  address: "Address",
  redis: "Redis",
};

/** Lists the settings by their names in the environment. */
function listSettings(config: Config): Setting[] {
  return Object.entries(settings.shape).map(([name, { description = "" }]) => {
    const value = configuredValue(config, name);
    return { name, value: value === null ? null : maskSetting(name, String(value)), description };
  });
}

/** DATA_DIR is `dataDir` in the configuration, S3_BUCKET is `s3.bucket`, and so on. */
function configuredValue(config: Config, name: string): unknown {
  const key = name.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  if (name === "SMTP_URL") return config.mail?.url ?? null;
  if (name === "MAIL_FROM") return config.mail?.from ?? null;
  if (!name.startsWith("S3_")) return config[key as keyof Config];
  const s3Key = key.replace(/^s3(.)/, (_, letter) => letter.toLowerCase());
  return config.s3?.[s3Key as keyof S3Settings] || null;
}

function printSettings(configuration: Setting[]): string {
  const width = Math.max(...configuration.map(({ name }) => name.length));
  return configuration
    .map(({ name, value, description }) => `${name.padEnd(width)}  ${value ?? "-"}  (${description})`)
    .join("\n");
}

/** Runs a check. The message of its error is the reason of the failure. */
async function check(area: Area, name: string, work: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, area, ok: true, detail: await work() };
  } catch (error) {
    return { name, area, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

const checkNode = () =>
  check("start", "node", () => {
    if (Number.parseInt(process.versions.node, 10) >= 24) return process.version;
    throw new Error(`${process.version}, but 24 or later is needed. Run npm ci, then npm start.`);
  });

const checkFolder = ({ dataDir }: Config) =>
  check("start", "data folder", async () => {
    if (!existsSync(dataDir)) throw new Error(`${dataDir} does not exist yet. prochat start creates it.`);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).catch(error => {
      throw explainFolderError(dataDir, error);
    });
    const { bavail, bsize } = await statfs(dataDir);
    return `${dataDir}, ${Math.floor((bavail * bsize) / 1024 / 1024)} MB free`;
  });

/** Also asks the server, if it runs here, whether a proxy has passed requests on. */
const checkAddress = (config: Config) =>
  check("security", "address", async () => {
    const problem = findAddressProblem(config) ?? (await askReady(config)).warning;
    if (problem) throw new Error(problem);
    const proxies = config.trustProxy ? `proxies that are trusted: ${config.trustProxy}` : "no proxy is trusted";
    return `${config.publicUrl ?? "this machine only"}, ${proxies}`;
  });

/** Whether somebody would learn of a fault: the server looks, and something may read what it finds. */
function checkMonitoring({ metricsToken, checkSeconds }: Config, health: HealthReport | null): Line[] {
  const isSeen = health?.checks.some(({ id }) => id === "event-loop");
  const line = { area: "monitoring" as const, fix: null, facts: [] };
  return [
    {
      ...{ ...line, name: "server", title: "The server checks itself", level: isSeen ? "ok" : "unknown" },
      what: isSeen
        ? "It runs, and did so in the last minutes."
        : `It does so every ${checkSeconds} s. No server runs here now.`,
    },
    {
      ...{ ...line, name: "metrics", title: "Metrics", level: "ok" },
      what: metricsToken
        ? "Prometheus may read /metrics with METRICS_TOKEN."
        : "Only programs of this machine may read /metrics. For others, set METRICS_TOKEN.",
    },
  ];
}

async function askReady({ host, port }: Config): Promise<{ warning?: string }> {
  try {
    const response = await fetch(`http://${hostInUrl(host)}:${port}/ready`, { signal: AbortSignal.timeout(askMs) });
    return (await response.json()) as { warning?: string };
  } catch {
    return {}; // it does not run, or another program has the port
  }
}

/** Writes, reads and deletes. Of a folder only what exists: the first write makes it. */
const checkFiles = (config: Config) =>
  check("backup", "storage", async () => {
    const { openStorage } = await import("#platform/storage/open-storage.ts"); // see main.ts
    const { checkStorage } = await import("#platform/storage/read-back.ts");
    const storage = openStorage(config);
    if (!config.s3 && !existsSync(config.filesDir)) {
      return `${storage.description}, which the first file makes`;
    }
    await checkStorage(storage);
    return `${storage.description}, written, read and deleted`;
  });

const checkRedis = (url: string) =>
  check("server", "redis", async () => {
    const { askRedisVersion } = await import("#platform/redis/connection.ts"); // see main.ts
    return askRedisVersion(url);
  });

async function checkDatabase(
  config: Config,
  log: Parameters<typeof borrowDatabase>[0]["log"],
): Promise<{ checks: Check[]; verification: Verification | null; health: HealthReport | null }> {
  let stop = async () => {};
  let url = "";
  const reachable = await check("start", "database", async () => {
    const existing = config.databaseUrl ?? (await readClusterMajor(clusterPath(config.dataDir)));
    if (!existing) throw new Error("no database exists yet. prochat start creates it.");
    ({ url, stop } = await borrowDatabase({ ...config, log }));
    return `PostgreSQL ${await askDirectly(url, async client => (await client.query("show server_version")).rows[0].server_version)}`;
  });
  try {
    if (!reachable.ok) return { checks: [reachable], verification: null, health: null };
    const permitted = await check("start", "rights and connections", () => describeRequirements(url, config));
    const migrated = await check("start", "migrations", async () => `${await requireMigrated(url)} applied`);
    if (!migrated.ok) return { checks: [reachable, permitted, migrated], verification: null, health: null };
    const { verifyDatabase } = await import("#server/query-proofs/verify-database.ts"); // see main.ts
    const verification = await askDirectly(url, verifyDatabase);
    const verified = await check("database", "queries, indexes, partitions", () => {
      const { paths, failures } = verification;
      if (failures.length > 0)
        throw new Error(
          `${failures.length} ${failures.length === 1 ? "problem" : "problems"}, see above, or run: npx prochat verify`,
        );
      return `all ${paths.length} queries use their indexes`;
    });
    const isDecided = config.backups !== null || areBackupsOn(config); // else the check backup-age says what to do
    const backedUp = isDecided ? [await check("backup", "backups", () => describeBackups(url, config))] : [];
    const listed = await check("database", "statements", () => askDirectly(url, describeStatements));
    const { checkHealth } = await import("./check-health.ts"); // see main.ts
    const health = await checkHealth(url, config);
    return { checks: [reachable, permitted, migrated, verified, ...backedUp, listed], verification, health };
  } finally {
    await stop();
  }
}

async function describeBackups(url: string, config: Config): Promise<string> {
  const { readOverview } = await import("#database/backup/schedule/overview.ts"); // see main.ts
  const overview = await askDirectly(url, client => readOverview(config, client));
  const { problems, summary } = judgeBackups(overview, new Date());
  if (problems.length > 0) throw new Error(problems.join("; "));
  return summary;
}

/** The server counts its statements itself, so a PostgreSQL that keeps no list of them is no failure. */
async function describeStatements(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ isListed: boolean }>(
    "select current_setting('pg_stat_statements.track', true) is not null as \"isListed\"",
  );
  return rows[0]!.isListed
    ? "prochat queries counts them, and PostgreSQL lists them in pg_stat_statements"
    : "prochat queries counts them. For PostgreSQL's own list, add to postgresql.conf and restart it: " +
        "shared_preload_libraries = 'pg_stat_statements' and pg_stat_statements.track_utility = off";
}

/** What a start checks before it changes anything. */
async function describeRequirements(url: string, config: Config): Promise<string> {
  const needed = maxConnections(config);
  const { schema, warning } = await askDirectly(url, async client => {
    const home = await findHome(client);
    await checkHome(client, home, []);
    const open = await countOwnConnections(client); // of a server that runs
    return { schema: home.schema, warning: await checkRequirements(client, Math.max(0, needed - open)) };
  });
  if (warning) throw new Error(warning);
  return `tables in the schema ${schema}, up to ${needed} connections`;
}
