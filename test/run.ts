import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, install, pgDump, redisServer } from "#lab/install.ts";

/**
 * Every check there is, one after another; `npm run check` leaves out the browser and the oldest PostgreSQL. Ends with
 * the line `N passed, N failed`, and fails when anything did.
 */

type Count = { passed: number; failed: number };
type Check = { name: string; run: () => Promise<Count> };

const reports = mkdtempSync(join(tmpdir(), "prochat-reports-"));
const quick = process.argv.includes("--quick");

const checks: Check[] = [
  tool("types", "npm", ["run", "--silent", "types"]),
  tool("lint, format, import direction, length of functions", "npm", ["run", "--silent", "lint"]),
  tool("no import circles, features meet through feature.ts", "node", ["test/structure.ts"]),
  tool("migrations are safe on a live database", "npm", ["run", "--silent", "lint:migrations"]),
  tool("tables.ts is what the migrations make", "npm", ["run", "--silent", "tables", "--", "--verify"]),
  tool("dashboard builds", "npm", ["run", "--silent", "build:dashboard"]),
  tool("widget builds and is small", "npm", ["run", "--silent", "size"]),
  { name: "pg_dump is here", run: async () => once(install(pgDump)) },
  { name: "redis-server is here", run: async () => once(install(redisServer)) },
  vitest("unit and integration on PostgreSQL 18", []),
];
if (!quick) {
  checks.push(
    vitest("integration on PostgreSQL 15", ["src/server", "test/integration"], { TEST_POSTGRES: "15" }),
    { name: "Chromium is here", run: async () => once(install(chromium)) },
    playwright("end to end in Chromium"),
  );
}

const total: Count = { passed: 0, failed: 0 };
for (const check of checks) {
  console.log(`\n== ${check.name}`);
  const { passed, failed } = await check.run();
  total.passed += passed;
  total.failed += failed;
  console.log(`== ${check.name}: ${passed} passed, ${failed} failed`);
}
rmSync(reports, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function tool(name: string, command: string, args: string[]): Check {
  return { name, run: async () => once((await execute(command, args)) === 0) };
}

function vitest(name: string, files: string[], env: Record<string, string> = {}): Check {
  return {
    name,
    async run() {
      const report = join(reports, `vitest-${Math.random()}.json`);
      const args = ["run", ...files, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
      const code = await execute("vitest", args, env);
      return counted(code, () => {
        const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
        return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
      });
    },
  };
}

function playwright(name: string): Check {
  return {
    name,
    async run() {
      const report = join(reports, "playwright.json");
      const code = await execute("playwright", ["test"], { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
      return counted(code, () => {
        const { stats } = JSON.parse(readFileSync(report, "utf8"));
        return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
      });
    },
  };
}

/** What the runner reports. One that failed without a failed test, or ran none, has failed all the same. */
function counted(code: number | null, read: () => Count): Count {
  try {
    const count = read();
    if (count.failed > 0 || (code === 0 && count.passed > 0)) return count;
    return { ...count, failed: 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function once(ok: boolean): Count {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function execute(command: string, args: string[], env: Record<string, string> = {}): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.on("error", reject);
    child.on("close", resolve);
  });
}
