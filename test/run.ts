import {
  caddy,
  chromium,
  dockerCompose,
  haproxy,
  nginx,
  openssl,
  pgbouncer,
  pgDump,
  promtool,
  redisServer,
  swift,
  systemdAnalyze,
} from "#lab/install.ts";
import { type Check, playwright, program, type Result, type Test, tool, vitest } from "./check.ts";

/**
 * Runs every check. `--quick` (npm run check) leaves out the slow ones: see `leftOut`. It ends with the slowest ten tests,
 * what each failed test says, and the line `N passed, N failed`, and fails if anything failed.
 */

const isQuick = process.argv.includes("--quick");

/** Tests that start their own programs or clusters, or wait for time to pass. `npm test` runs all of them. */
const leftOut = {
  "bench/**": "the benchmarks on few messages",
  "test/{integration,faults}/**": "several servers, Redis, and recovery after faults",
  "src/cli/**": "the command line",
  "src/{sample-data,database/embedded,database/migrations,database/preflight}/**":
    "sample data, the embedded PostgreSQL, migrations, what a start checks",
  "src/database/connection/**": "clusters with other settings",
  "src/{database/backup,server/backups,platform/storage}/**": "backups, the archive of the WAL, a store of its own",
  "src/server/main.test.ts": "starting and stopping",
  "src/server/realtime/{presence,transports}/**": "presence among processes, long polling",
  "src/server/http/metrics-route.test.ts": "metrics of several processes",
  "src/server/realtime/sessions/drain.test.ts": "draining",
};
const without = (globs: string[]) => globs.flatMap(glob => ["--exclude", glob]);

/** On PostgreSQL 15: all tests that run statements, except those that wait for programs, networks or time. */
const onOldest = [
  ...["src/server", "src/database", "test/integration"],
  ...without(Object.keys(leftOut).filter(glob => glob.startsWith("src/"))),
  ...without([
    "test/integration/{blocked-sockets,deploy,health-{faults,storage},processes,redis,silent-database,slow-reader,two-servers,web-proxies}.test.ts",
  ]),
];

/**
 * Steps run one after another, the lanes of a step in parallel. Test runs share one lane: two at once on two cores took so
 * long that tests timed out.
 */
const steps: Check[][][] = [
  [
    [tool("dashboard", "npm", "run", "--silent", "size:dashboard"), tool("widget", "npm", "run", "--silent", "size")],
    [
      tool("types", "npm", "run", "--silent", "types"),
      tool("lint", "npm", "run", "--silent", "lint"),
      tool("structure", "node", "test/structure.ts"),
      tool("migrations", "npm", "run", "--silent", "lint:migrations"),
      tool("tables", "npm", "run", "--silent", "tables", "--", "--verify"),
    ],
    [
      program(pgDump),
      program(redisServer),
      program(openssl),
      program(swift),
      ...(isQuick
        ? []
        : [pgbouncer, chromium, nginx, haproxy, caddy, dockerCompose, systemdAnalyze, promtool].map(program)),
    ],
  ],
  isQuick
    ? [[vitest("tests", without(Object.keys(leftOut)))]]
    : [
        [
          vitest("tests", []),
          vitest("tests on PostgreSQL 15", onOldest, { TEST_POSTGRES: "15" }),
          playwright("browser"),
        ],
      ],
];

const results: Result[] = [];
const startedMs = performance.now();
for (const lanes of steps) await Promise.all(lanes.map(runAll));
report();

async function runAll(checks: Check[]): Promise<void> {
  for (const { name, run } of checks) {
    const begunMs = performance.now();
    const result = await run();
    results.push(result);
    console.log(
      `== ${name}: ${result.passed} passed, ${result.failed} failed, ${seconds(performance.now() - begunMs)}`,
    );
  }
}

function report(): void {
  const slowest = results.flatMap(({ tests }) => tests).toSorted((a, b) => b.ms - a.ms);
  console.log(["", "Slowest:", ...slowest.slice(0, 10).map(describe)].join("\n"));
  if (isQuick) {
    const parts = Object.entries(leftOut).map(([glob, what]) => `  ${what} (${glob})`);
    console.log(["", "Left out, npm test runs them:", "  the browser, PostgreSQL 15", ...parts].join("\n"));
  }
  const failures = results.flatMap(({ tests }) => tests).filter(({ failure }) => failure !== undefined);
  if (failures.length > 0) console.log(["", "Failed:", ...failures.map(describeFailure)].join("\n"));
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0);
  const [passed, failed] = [sum(result => result.passed), sum(result => result.failed)];
  console.log(`\nTook ${seconds(performance.now() - startedMs)}\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function describe({ name, ms }: Test): string {
  return `  ${seconds(ms).padStart(7)}  ${name}`;
}

/** Enough of it to know what to run again: the whole of it stands above. */
function describeFailure({ name, failure = "" }: Test): string {
  return [name, ...failure.split("\n").slice(0, 80)].map((line, nth) => `  ${nth === 0 ? "" : "  "}${line}`).join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
