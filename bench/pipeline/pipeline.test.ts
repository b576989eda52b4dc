import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFlawless } from "#lab/load/check.ts";
import { finish, startProgram } from "#lab/programs/programs.ts";
import { type Report, systemNames } from "./pipeline-report.ts";

/** A small run: everything is counted and nothing is lost. Times are not checked. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prochat-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

const bench = (...args: string[]) => startProgram("bench/main.ts", ["pipeline", ...args]);

test("all systems are measured, no message is lost or unfinished, and every figure is in tables, JSON and charts", async () => {
  const page = join(folder, "page.md");
  const marks = ["begin", "end"].map(word => `<!-- ${word}: npm run bench -- pipeline -->`);
  await writeFile(page, `# Before\n\n${marks.join("\n\nwhat was measured last time\n\n")}\n\nAfter\n`);
  const out = join(folder, "figures");
  const { stdout } = await finish(
    bench(
      ...["--seconds", "2", "--rounds", "1", "--visitors", "40", "--websites", "10", "--at-once", "10"],
      ...["--out", out, "--page", page],
    ),
  );

  const report: Report = JSON.parse(await readFile(join(out, "pipeline.json"), "utf8"));
  expect(report.systems.map(({ name }) => name)).toEqual(systemNames);
  expect(report.floor).toEqual([expect.objectContaining({ messagesPerSecond: expect.any(Number) })]);
  for (const { name, rounds } of report.systems) {
    expect(rounds).toHaveLength(1);
    const [{ full, half, verdict }] = rounds as [(typeof rounds)[number]];
    expect([name, isFlawless(verdict)]).toEqual([name, true]);
    for (const { messagesPerSecond, acknowledged, delivered, failures, unfinished } of [full, half]) {
      expect(messagesPerSecond).toBeGreaterThan(0);
      expect({ failures, unfinished }).toEqual({ failures: [], unfinished: 0 });
      expect(delivered.count).toBe(acknowledged.count);
    }
    const sent = full.acknowledged.count + half.acknowledged.count;
    expect(verdict.stored).toBeGreaterThanOrEqual(sent + 40); // each visitor's first message, and a warm-up
  }

  const charts = ["pipeline-delays.svg", "pipeline-rates.svg"];
  expect((await readdir(out)).sort()).toEqual([...charts, "pipeline.json"].sort());
  const written = await readFile(page, "utf8");
  expect(written).toContain(stdout.trim());
  expect(written).toMatch(/^# Before[\s\S]*After\n$/);
  expect(written).not.toContain("last time");
  for (const chart of charts) expect(written).toContain(`(figures/${chart})`);
});

test.each([
  ["--seconds", "0"],
  ["--visitors", "many"],
  ["--rounds", "1.5"],
  ["--only", "theirs"],
])("%s %s is refused with what may be given", async (option, value) => {
  const { code, stderr } = await bench(`${option}=${value}`).ended;
  expect(stderr).toMatch(new RegExp(`"${value}" is (not a whole number from 1 to|not one of ours)`));
  expect(code).not.toBe(0);
});
