import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { install } from "#lab/install.ts";

/** The result of a check, with each test that it ran. */
export type Result = { passed: number; failed: number; tests: Test[] };
/** `failure` is what a failed test says, with the colours of a terminal. */
export type Test = { name: string; ms: number; failure?: string };
export type Check = { name: string; run: () => Promise<Result> };

const root = join(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "prochat-reports-"));
process.once("exit", () => rmSync(reports, { recursive: true }));

/** A command: one check that passes or fails. */
export function tool(name: string, ...command: string[]): Check {
  return {
    name,
    async run() {
      const startedMs = performance.now();
      const isPassed = (await execute(name, command)) === 0;
      const failure = isPassed ? undefined : `${command.join(" ")} failed: see the lines that begin with "${name} |"`;
      return once(isPassed, { name, ms: performance.now() - startedMs, failure });
    },
  };
}

/** A Debian program that the tests need. */
export const program = (of: Parameters<typeof install>[0]): Check => ({
  name: `${of.name} is installed`,
  run: async () => {
    const isInstalled = install(of);
    return once(isInstalled, { name: of.name, ms: 0, failure: isInstalled ? undefined : "cannot be installed" });
  },
});

export function vitest(name: string, args: string[], env: Record<string, string> = {}): Check {
  return {
    name,
    async run() {
      const report = join(reports, `${name}.json`);
      const command = [
        "vitest",
        "run",
        ...args,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ];
      const code = await execute(name, command, env);
      return count(code, () => readVitest(name, report));
    },
  };
}

export function playwright(name: string): Check {
  return {
    name,
    async run() {
      const report = join(reports, `${name}.json`);
      const code = await execute(name, ["playwright", "test"], { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
      return count(code, () => readPlaywright(name, report));
    },
  };
}

type VitestReport = {
  numPassedTests: number;
  numTotalTests: number;
  testResults: { name: string; status: string; message: string; assertionResults: Assertion[] }[];
};
type Assertion = { fullName: string; status: string; duration?: number | null; failureMessages?: string[] };

function readVitest(check: string, path: string): Result {
  const { numPassedTests, numTotalTests, testResults }: VitestReport = JSON.parse(readFileSync(path, "utf8"));
  const tests = testResults.flatMap(({ name, status, message, assertionResults }): Test[] => {
    const file = `${check}: ${relative(root, name)}`;
    // What fails outside of a test (an import, a hook of the file) has no test of its own.
    const ofFile = status === "failed" && message !== "" ? [{ name: file, ms: 0, failure: message }] : [];
    const ofTests = assertionResults.map(test => ({
      name: `${file}: ${test.fullName}`,
      ms: test.duration ?? 0,
      failure: test.status === "passed" ? undefined : (test.failureMessages?.[0] ?? `it was ${test.status}`),
    }));
    return [...ofFile, ...ofTests];
  });
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests, tests };
}

type Suite = {
  suites?: Suite[];
  specs: { title: string; file: string; tests: { results: Attempt[] }[] }[];
};
type Attempt = {
  duration: number;
  error?: { message?: string };
  /** "error-context" says what the page showed */
  attachments?: { name: string; path?: string }[];
};
type PlaywrightReport = { stats: Record<"expected" | "unexpected" | "flaky" | "skipped", number>; suites: Suite[] };

function readPlaywright(check: string, path: string): Result {
  const { stats, suites }: PlaywrightReport = JSON.parse(readFileSync(path, "utf8"));
  const specsOf = ({ specs, suites = [] }: Suite): Suite["specs"] => [...specs, ...suites.flatMap(specsOf)];
  const tests = suites.flatMap(specsOf).map(({ title, file, tests: runs }) => {
    const attempts = runs.flatMap(({ results }) => results);
    return {
      name: `${check}: ${file}: ${title}`,
      ms: attempts.reduce((sum, { duration }) => sum + duration, 0),
      failure: attempts.flatMap(describeAttempt)[0],
    };
  });
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped, tests };
}

/** What failed, and what the page showed then. Nothing if it passed. */
function describeAttempt({ error, attachments = [] }: Attempt): string[] {
  if (!error) return [];
  const pages = attachments.flatMap(({ name, path }) => (name === "error-context" && path ? [readPage(path)] : []));
  return [[error.message?.trim() ?? "it failed", ...pages].join("\n")];
}

/** The part of Playwright's report that shows the page. */
const readPage = (path: string) => /```yaml\n([\s\S]*?)```/.exec(readFileSync(path, "utf8"))?.[1] ?? "";

/** A runner that exits with an error without a failed test, or that ran no test, counts as a failure. */
function count(code: number | null, read: () => Result): Result {
  try {
    const result = read();
    if (result.failed > 0 || (code === 0 && result.passed > 0)) return result;
    return { ...result, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, tests: [] };
  }
}

const once = (isPassed: boolean, test: Test): Result => ({
  passed: isPassed ? 1 : 0,
  failed: isPassed ? 0 : 1,
  tests: [test],
});

/** Checks run in parallel, so each line that they print begins with the check's name. */
function execute(name: string, command: string[], env: Record<string, string> = {}): Promise<number | null> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", line => console.log(`${name} | ${line}`));
    }
    child.on("error", reject);
    child.on("close", resolve);
  });
}
