import { availableParallelism, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium as playwright } from "@playwright/test";
import pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { chromium, install } from "#lab/install.ts";
import { measureCpu } from "#lab/load/cpu-by-part.ts";
import { type Latency, summarize } from "#lab/load/latency.ts";
import { type OurServer, ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import { silent } from "#lab/programs/log.ts";
import { scrape } from "#lab/programs/metrics.ts";
import { readConfig } from "#platform/config.ts";
import { generate } from "#sample-data/generate.ts";
import { type HealthReport, inBrowser, type Options } from "./health-report.ts";

/** The page asks again so often. */
const pollMs = 5_000;
/** Between two openings, in which a browser ends what it has begun. */
const restMs = 500;
const settleMs = 5_000;

/**
 * @param open  may return the milliseconds that it took, where more than what is measured happens in it
 * @param prepare  before each, not timed
 */
type Times = (open: () => Promise<unknown>, prepare?: () => Promise<unknown>) => Promise<Latency>;
type Viewer = { get(path: string): Promise<void> };

/**
 * On a generated database: an idle server with a run of the checks each second and one (nearly) without show what a run costs.
 * Then viewers open the page, over HTTP and in Chromium.
 */
export async function measureHealth(options: Options): Promise<HealthReport> {
  if (!install(chromium)) throw new Error("Without Chromium the page cannot be opened.");
  const setup = await createSetup();
  try {
    const databaseUrl = await setup.createDatabase("health");
    await migrate(databaseUrl, { log: silent });
    await generate(databaseUrl, { ...options, months: 12 });
    const { checkSeconds } = readConfig({});
    const measured = await measureRuns(setup, databaseUrl, options);
    const opened = await measurePage(setup, databaseUrl, options);
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query("select pg_database_size(current_database())::float / 1e9 as gb");
    await client.end();
    return {
      ...options,
      cores: availableParallelism(),
      load: loadavg()[0]!,
      databaseGb: rows[0].gb,
      checkSeconds,
      run: measured,
      opened,
    };
  } finally {
    await setup.stop();
  }
}

async function measureRuns(setup: Setup, databaseUrl: string, { seconds }: Options): Promise<HealthReport["run"]> {
  const watch = async (checkSeconds: string) => {
    const start = ourServer(setup, { processes: 1, title: "ours", env: { CHECK_SECONDS: checkSeconds } }).start;
    const system = await start({ databaseUrl, websites: 0 });
    await sleep(settleMs);
    const runs = async () =>
      (await scrape(system.access.url)).sum("prochat_query_seconds_count", { query: "a new health report" });
    const before = await runs();
    const { cpuSeconds } = await measureCpu({ setup, system, generator: { pids: [] } }, () => sleep(seconds * 1000));
    const count = (await runs()) - before;
    const tookMs = count > 0 ? await timeRuns(databaseUrl) : 0;
    await system.stop();
    return { ...cpuSeconds, count, tookMs };
  };
  const without = await watch("300");
  const withRuns = await watch("1");
  const perRun = (part: "server" | "postgres") => ((withRuns[part] - without[part]) / withRuns.count) * 1000;
  return {
    serverMs: perRun("server"),
    postgresMs: perRun("postgres"),
    tookMs: withRuns.tookMs,
    runs: withRuns.count,
  };
}

/** How long a run takes: from the moment that it has in its report until it is stored. */
async function timeRuns(databaseUrl: string): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const times: number[] = [];
  for (let look = 0; look < 10; look++) {
    const { rows } = await client.query(
      "select extract(epoch from collected_at - (report->>'at')::timestamptz)::float * 1000 as ms from health_reports",
    );
    times.push(rows[0].ms);
    await sleep(1_000);
  }
  await client.end();
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

async function measurePage(setup: Setup, databaseUrl: string, options: Options): Promise<HealthReport["opened"]> {
  const system = await ourServer(setup, { processes: 1, title: "ours" }).start({
    databaseUrl,
    websites: options.viewers + 1,
  });
  await makeOperators(databaseUrl, system);
  await sleep(settleMs);
  const stop = new AbortController();
  const [me, ...others] = system.access.websites.map(({ id, agentCookie }) =>
    viewerOf(system.access.url, id, agentCookie),
  );
  const looking = others.map(other => look(other, stop.signal));
  try {
    const times: Times = async (open, prepare = () => sleep(restMs)) => {
      const taken: number[] = [];
      for (let nth = 0; nth < options.opens; nth++) {
        await prepare();
        const begun = performance.now();
        const measured = await open();
        taken.push(typeof measured === "number" ? measured : performance.now() - begun);
      }
      return summarize([Float64Array.from(taken)]);
    };
    return [
      { name: "HTTP: the inbox, to compare with", latency: await times(() => me!.get("inbox")) },
      { name: "HTTP: all requests of the page", latency: await times(() => openPage(me!)) },
      {
        name: `HTTP: of ${others.length} viewers at the same moment, the last`,
        latency: await times(() => Promise.all(others.map(openPage))),
      },
      ...(await openInBrowser(system, times)),
    ];
  } finally {
    stop.abort();
    await Promise.all(looking);
    await system.stop();
  }
}

async function makeOperators(databaseUrl: string, { access }: OurServer): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query("insert into operators (user_id) select * from unnest($1::uuid[])", [
    access.websites.map(({ userId }) => userId),
  ]);
  await client.end();
}

function viewerOf(url: string, websiteId: number, cookie: string): Viewer {
  return {
    async get(path) {
      const response = await fetch(`${url}/api/v1/websites/${websiteId}/${path}`, { headers: { cookie } });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    },
  };
}

/** What the page asks for when it is opened: see src/dashboard/features/database. */
async function openPage({ get }: Viewer): Promise<void> {
  await get("health");
  await Promise.all([
    get("health/history?period=minute&checks=connections,pool,event-loop,locks,cache-hits"),
    get("health/history?period=day&checks=database-size"),
    get("health/sessions"),
  ]);
}

/** Leaves the page open. */
async function look(viewer: Viewer, signal: AbortSignal): Promise<void> {
  await openPage(viewer);
  while (!signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await Promise.all([viewer.get("health"), viewer.get("health/sessions")]);
  }
}

async function openInBrowser({ access: { url, websites } }: OurServer, times: Times): Promise<HealthReport["opened"]> {
  const browser = await playwright.launch({ executablePath: chromium.path });
  try {
    const { id, agentCookie } = websites[0]!;
    const context = await browser.newContext();
    const [name, value] = agentCookie.split(/=(.*)/s) as [string, string];
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    const sentence = () => page.getByRole("status").filter({ hasText: "Checked" }).waitFor();
    const load = (path: string) => page.goto(`${url}/w/${id}/settings/${path}`);
    const link = page.getByRole("link", { name: "Database" });
    await load("database"); // its files are in the browser's cache now
    await sentence();
    const click = async () => {
      await page.evaluate(timeOpening);
      await link.click();
      return page.evaluate<number>("opened");
    };
    const elsewhere = async () => {
      await load("alerts"); // forgets the report
      await link.waitFor();
      await sleep(restMs);
    };
    const reload = async () => {
      await load("database");
      await sentence();
    };
    return [
      { name: inBrowser, latency: await times(click, elsewhere) },
      { name: "Chromium: the whole dashboard, at this page", latency: await times(reload) },
    ];
  } finally {
    await browser.close();
  }
}

/** For the browser: `opened` are the ms from the click until the frame that shows the sentence on top. Playwright takes longer. */
const timeOpening = `
  globalThis.opened = new Promise(resolve =>
    addEventListener("click", () => {
      const begun = performance.now();
      const isThere = () => [...document.querySelectorAll("[role=status]")].some(each => /Checked/.test(each.textContent));
      new MutationObserver((_changes, observer) => {
        if (!isThere()) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }, { capture: true, once: true }));
  undefined`;
