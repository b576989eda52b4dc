import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate, undoMigration } from "#database/migrations/migrate.ts";
import { copyMigrations } from "#lab/clusters/migration-folder.ts";
import type { HttpLoad, Request } from "#lab/load/http-load.ts";
import { summarize } from "#lab/load/latency.ts";
import { silent } from "#lab/programs/log.ts";
import { watchLockWaits } from "./lock-waits.ts";
import type { Phase } from "./migrations-report.ts";

/** The migration runner's log goes to the terminal. */
const log = { ...silent, info: console.error, warn: console.error };

const warmUpMs = 5_000;
/** Pause between two migrations, so that no request meets both. */
const pauseMs = 2_000;

type Period = { name: string; from: number; to: number; blockedMs: number };

/**
 * Runs the test migrations up, then down, one at a time. Before that comes a time without migrations, for comparison.
 * @param folder  for the migrations that are applied so far
 */
export async function measureMigrations(
  url: string,
  folder: string,
  load: HttpLoad,
  baselineMs: number,
): Promise<Phase[]> {
  const all = copyMigrations(join(folder, "all"));
  const dir = join(folder, "so-far");
  mkdirSync(dir);
  const periods: Period[] = [];
  const measure = async (name: string, work: () => Promise<unknown>) => {
    console.error(name);
    periods.push(await timePeriod(url, name, work));
    await sleep(pauseMs);
  };
  await sleep(warmUpMs);
  await measure("none", () => sleep(baselineMs));
  const names = readdirSync(all).sort();
  const testMigrations = names.filter(name => name.startsWith("9"));
  for (const name of names) {
    copyFileSync(join(all, name), join(dir, name));
    if (testMigrations.includes(name)) await measure(`${name} up`, () => migrate(url, { log, dir }));
  }
  for (const name of testMigrations.toReversed()) {
    await measure(`${name} down`, () => undoMigration(url, { log, dir }));
    rmSync(join(dir, name));
  }
  return periods.map(period => summarizePhase(period, load.requests));
}

async function timePeriod(url: string, name: string, work: () => Promise<unknown>): Promise<Period> {
  const stopWatching = await watchLockWaits(url);
  const from = performance.now();
  await work();
  const to = performance.now();
  return { name, from, to, blockedMs: await stopWatching() };
}

function summarizePhase({ name, from, to, blockedMs }: Period, all: Request[]): Phase {
  const requests = all.filter(({ dueAt, endedAt }) => dueAt < to && endedAt > from);
  const { p50Ms, p99Ms, maxMs } = summarize([Float64Array.from(requests, ({ dueAt, endedAt }) => endedAt - dueAt)]);
  return {
    name,
    tookMs: Math.round(to - from),
    requests: requests.length,
    failures: requests.flatMap(request => request.failure ?? []),
    ...{ p50Ms, p99Ms, maxMs, blockedMs },
  };
}
