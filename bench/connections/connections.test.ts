import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish, startProgram } from "#lab/programs/programs.ts";
import type { Report } from "./connections-report.ts";

/** A small run: every client is counted and nothing is lost. Times are not checked. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prochat-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("all clients connect, write, and return complete after two restarts; every figure is in tables, JSON and the chart", async () => {
  const { stdout } = await finish(
    startProgram("bench/main.ts", [
      ...["connections", "--visitors", "300", "--processes", "2", "--workers", "2", "--rest", "1"],
      ...["--messages-per-second", "20", "--seconds", "3", "--authors", "20", "--agents", "4", "--out", folder],
    ]),
  );

  const report: Report = JSON.parse(await readFile(join(folder, "connections.json"), "utf8"));
  const { floor, held, messages, restarts, verdict } = report;
  expect([floor.connections, held.connections, report.clients]).toEqual([300, 300, 324]);
  for (const { before, after } of [floor, held]) expect(after.rssBytes).toBeGreaterThan(before.rssBytes);
  for (const { curve } of [floor.arrival, report.arrival]) expect(curve.at(-1)![1]).toBe(300);
  expect(messages).toMatchObject({ failures: [], unfinished: 0 });
  expect(messages.sent).toBeGreaterThanOrEqual(59);
  expect([messages.acknowledged.count, messages.delivered.count]).toEqual([messages.sent, messages.sent]);
  expect(restarts.map(({ signal, back }) => [signal, back])).toEqual([
    ["SIGTERM", 324],
    ["SIGKILL", 324],
  ]);
  for (const { completeSeconds } of restarts) expect(completeSeconds).not.toBeNull();
  expect(verdict).toMatchObject({ lost: 0, doubled: 0, undelivered: 0, misdelivered: 0 });
  expect(verdict.stored).toBeGreaterThanOrEqual(messages.sent + 20);

  expect((await readdir(folder)).sort()).toEqual(["connections.json", "connections.svg"]);
  for (const word of ["300", "SIGKILL", "bare ws"]) expect(stdout).toContain(word);
});
