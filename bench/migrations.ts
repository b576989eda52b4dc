import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import pg from "pg";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { createAgent } from "#lab/actors/people.ts";
import { copyMigrations } from "#lab/clusters/migration-folder.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { findLost, type Load, type Request, startLoad } from "#lab/load/http-load.ts";
import { silent } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import type { Me } from "#protocol/accounts.ts";
import { generate } from "#sample-data/generate.ts";
import { watchBlocked } from "./blocked.ts";

type Options = { messages: string; seconds: string; rate: string; reads: string; json?: true };
type Phase = {
  name: string;
  tookMs: number;
  requests: number;
  failures: string[];
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** the longest wait for a lock of the migration's */
  blockedMs: number;
};

/** Who watches the benchmark sees what the runner says. */
const told = { ...silent, info: console.error, warn: console.error };

const warmUpMs = 5_000;
/** Requests see the end of one migration before the next begins. */
const restMs = 2_000;

/** What people notice of migrations: each of a set, up and down, while they write and read. */
export const migrationsCommand = () =>
  new Command("migrations")
    .description("a server's answers while a set of migrations runs up and down, beside those before")
    .option("--messages <n>", "messages that are there already", "300000")
    .option("--seconds <n>", "length of the window without migrations", "30")
    .option("--rate <n>", "messages a second", "500")
    .option("--reads <n>", "reads a second", "200")
    .option("--json", "report as JSON")
    .action(async (options: Options) => {
      const folder = mkdtempSync(join(tmpdir(), "prochat-bench-"));
      const cluster = await startScratchCluster("18", { fsync: "on", full_page_writes: "on" });
      try {
        const report = await measure(cluster.url, folder, options);
        console.log(options.json ? JSON.stringify(report) : table(report));
      } finally {
        await cluster.stop();
        rmSync(folder, { recursive: true });
      }
    });

async function measure(url: string, folder: string, options: Options) {
  await migrate(url, { log: silent });
  const dataDir = join(folder, "data");
  const env = { PORT: "0", DEMO_PORT: "off", DATA_DIR: dataDir, DATABASE_URL: url, LOG_LEVEL: "error" };
  const server = startProgram("src/cli/main.ts", ["start"], { env });
  const client = new pg.Client(url);
  await client.connect();
  try {
    const setup = new URL(/http\S+/.exec(await server.firstLine)![0]);
    const owner = await createAgent(setup.origin, "Olga Owner", agent =>
      agent.api<Me>("POST", "/setup", {
        code: setup.searchParams.get("code"),
        owner: agent.account,
        website: { name: "Shop", allowedOrigins: ["https://shop.example"] },
      }),
    );
    const messages = Number(options.messages);
    await generate(url, { messages, months: 4, owner: owner.account.email, besideRealWebsites: true });
    const { secret } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"));
    const load = await startLoad(client, {
      url: setup.origin,
      secret,
      cookie: owner.headers.cookie!,
      messagesPerSecond: Number(options.rate),
      readsPerSecond: Number(options.reads),
    });
    const phases = await migrateUnderLoad(url, folder, load, Number(options.seconds) * 1000);
    await load.stop();
    const lost = await findLost(client, load.acknowledged);
    return { ...options, acknowledged: load.acknowledged.length, lost, phases };
  } finally {
    await client.end();
    server.process.kill("SIGTERM");
    await server.ended;
  }
}

async function migrateUnderLoad(url: string, folder: string, load: Load, baselineMs: number): Promise<Phase[]> {
  const all = copyMigrations(join(folder, "all"));
  const dir = join(folder, "so-far");
  mkdirSync(dir);
  const phases: { name: string; from: number; to: number; blockedMs: number }[] = [];
  const during = async (name: string, work: () => Promise<unknown>) => {
    console.error(name);
    const stopWatching = await watchBlocked(url);
    const from = performance.now();
    await work();
    const to = performance.now();
    phases.push({ name, from, to, blockedMs: await stopWatching() });
    await sleep(restMs);
  };
  await sleep(warmUpMs);
  await during("none", () => sleep(baselineMs));
  const names = readdirSync(all).sort();
  const fixtures = names.filter(name => name.startsWith("9"));
  for (const name of names) {
    copyFileSync(join(all, name), join(dir, name));
    if (fixtures.includes(name)) await during(`${name} up`, () => migrate(url, { log: told, dir }));
  }
  for (const name of fixtures.toReversed()) {
    await during(`${name} down`, () => undoMigration(url, { log: told, dir }));
    rmSync(join(dir, name));
  }
  return phases.map(({ name, from, to, blockedMs }) => ({
    ...describe(name, to - from, load.requests.filter(within(from, to))),
    blockedMs,
  }));
}

/** Due or answered while it ran, or both before and after. */
const within = (from: number, to: number) => (request: Request) => request.dueAt < to && request.endedAt > from;

function describe(name: string, tookMs: number, requests: Request[]): Omit<Phase, "blockedMs"> {
  const times = requests.map(request => request.endedAt - request.dueAt).sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 10) / 10;
  return {
    name,
    tookMs: Math.round(tookMs),
    requests: requests.length,
    failures: requests.flatMap(request => request.failure ?? []),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

function table({ phases, acknowledged, lost, ...options }: Awaited<ReturnType<typeof measure>>): string {
  const line = (cells: unknown[]) =>
    cells.map((cell, nth) => (nth ? String(cell).padStart(9) : String(cell).padEnd(26))).join(" ");
  return [
    `${options.messages} messages, ${options.rate} sends/s and ${options.reads} reads/s, PostgreSQL 18, fsync on; times in ms`,
    line(["migration", "took", "requests", "failed", "p50", "p99", "max", "blocked"]),
    ...phases.map(({ name, tookMs, requests, failures, p50Ms, p99Ms, maxMs, blockedMs }) =>
      line([name, tookMs, requests, failures.length, p50Ms, p99Ms, maxMs, blockedMs]),
    ),
    `${acknowledged} messages acknowledged, ${lost.length} lost, doubled or out of order`,
    ...new Set(phases.flatMap(phase => phase.failures)),
    ...lost,
  ].join("\n");
}
