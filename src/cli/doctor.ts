import { constants, existsSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { Command } from "commander";
import { connectDirectly, maskUrl } from "#database/direct-connection.ts";
import { readClusterMajor } from "#database/embedded/cluster.ts";
import { clusterPath } from "#database/embedded.ts";
import { explainFolderError } from "#database/folder-errors.ts";
import { migrationStatus, refuseNewer } from "#database/migrate.ts";
import { countMonthsAhead } from "#database/month-partitions.ts";
import { borrowDatabase } from "#database/open-database.ts";
import { type Config, settings } from "#server/core/config.ts";
import { runCommand } from "./run-command.ts";

type Check = { name: string; ok: boolean; detail: string };
type Setting = { name: string; value: string | null; description: string };

const leastMonthsAhead = 3;

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("print the configuration, secrets masked, and check that the world agrees with it")
    .option("--json", "report as JSON")
    .action(
      runCommand<{ json?: true }>(async (config, log, { json }) => {
        const checks = [await checkNode(), await checkFolder(config), ...(await checkDatabase(config, log))];
        const configuration = listSettings(config);
        if (json) console.log(JSON.stringify({ configuration, checks }));
        else console.log(print(configuration, checks));
        return checks.every(check => check.ok);
      }),
    );
}

/** Every setting under its environment name, which the configuration's own name follows from: DATA_DIR, dataDir. */
function listSettings(config: Config): Setting[] {
  return Object.entries(settings.shape).map(([name, { description = "" }]) => {
    const key = name.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const value = config[key as keyof Config];
    return { name, value: value === null ? null : mask(String(value)), description };
  });
}

const mask = (value: string) => (value.startsWith("postgres") ? maskUrl(value) : value);

function print(configuration: Setting[], checks: Check[]): string {
  const width = Math.max(...configuration.map(({ name }) => name.length));
  return [
    ...configuration.map(({ name, value, description }) => `${name.padEnd(width)}  ${value ?? "-"}  (${description})`),
    "",
    ...checks.map(({ name, ok, detail }) => `${ok ? "ok    " : "failed"}  ${name}: ${detail}`),
  ].join("\n");
}

/** Runs a check; what it throws is why it failed. */
async function check(name: string, work: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

const checkNode = () =>
  check("node", () => {
    if (Number.parseInt(process.versions.node, 10) >= 24) return process.version;
    throw new Error(`${process.version}, but 24 is needed. Run npm ci, and start it by npm start.`);
  });

const checkFolder = ({ dataDir }: Config) =>
  check("data folder", async () => {
    if (!existsSync(dataDir)) throw new Error(`${dataDir} is not there yet; prochat start makes it`);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).catch(error => {
      throw explainFolderError(dataDir, error);
    });
    const { bavail, bsize } = await statfs(dataDir);
    return `${dataDir}, ${Math.floor((bavail * bsize) / 1024 / 1024)} MB free`;
  });

async function checkDatabase(config: Config, log: Parameters<typeof borrowDatabase>[0]["log"]): Promise<Check[]> {
  let stop = async () => {};
  let url = "";
  const reachable = await check("database", async () => {
    const made = config.databaseUrl ?? (await readClusterMajor(clusterPath(config.dataDir)));
    if (!made) throw new Error("there is none yet; prochat start makes it");
    ({ url, stop } = await borrowDatabase({ ...config, log }));
    return `PostgreSQL ${await ask(url, async client => (await client.query("show server_version")).rows[0].server_version)}`;
  });
  try {
    return reachable.ok ? [reachable, await checkMigrations(url), await checkPartitions(url)] : [reachable];
  } finally {
    await stop();
  }
}

const checkMigrations = (url: string) =>
  check("migrations", async () => {
    const states = await migrationStatus(url);
    refuseNewer(url, states);
    const pending = states.filter(state => !state.appliedAt).map(state => state.name);
    if (pending.length > 0) throw new Error(`${pending.join(", ")} to be applied. Run prochat migrate.`);
    return `${states.length} applied`;
  });

const checkPartitions = (url: string) =>
  check("partitions", async () => {
    const ahead = await ask(url, countMonthsAhead);
    if (ahead >= leastMonthsAhead) return `made for ${ahead} months ahead`;
    throw new Error(
      `made for ${ahead} months ahead, but ${leastMonthsAhead} are needed. Starting the server makes them.`,
    );
  });

async function ask<T>(url: string, question: (client: Awaited<ReturnType<typeof connectDirectly>>) => Promise<T>) {
  const client = await connectDirectly(url);
  try {
    return await question(client);
  } finally {
    await client.end();
  }
}
