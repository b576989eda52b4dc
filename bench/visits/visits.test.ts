import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFlawless } from "#lab/load/check.ts";
import { finish, startProgram } from "#lab/programs/programs.ts";
import { type Report, steps, systemNames } from "./visits-report.ts";

/** A small run: every visit goes through, and nothing is lost; how long anything takes is not asked. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prochat-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("visits of both systems go through all steps, and every figure gets into tables and JSON", async () => {
  const page = join(folder, "page.md");
  await writeFile(page, "<!-- begin: npm run bench -- visits -->\n\n<!-- end: npm run bench -- visits -->\n");
  const out = join(folder, "figures");
  const sizes = ["--visits", "20", "--seconds", "1", "--rounds", "1", "--websites", "20", "--at-once", "4"];
  const { stdout } = await finish(
    startProgram("bench/main.ts", [...["visits", ...sizes, "--chatting", "30", "--out", out, "--page", page]]),
  );

  const report: Report = JSON.parse(await readFile(join(out, "visits.json"), "utf8"));
  expect(report.systems.map(({ name }) => name)).toEqual(systemNames);
  for (const { name, rounds } of report.systems) {
    const [{ steps: costs, crowds, updates, verdict }] = rounds as [(typeof rounds)[number]];
    expect(Object.keys(costs)).toEqual(steps.map(step => step.name));
    expect([name, isFlawless(verdict)]).toEqual([name, true]);
    expect(updates.updates).toBeGreaterThan(100);
    expect(updates.indexBytes).toBeGreaterThan(0);
    expect(crowds.map(({ chatting, failures }) => ({ chatting, failures }))).toEqual([
      { chatting: 100, failures: [] },
      { chatting: 30, failures: [] },
    ]);
    for (const crowd of crowds) expect(crowd.visitsPerSecond).toBeGreaterThan(0);
  }
  expect(await readFile(page, "utf8")).toContain(stdout.trim());
});
