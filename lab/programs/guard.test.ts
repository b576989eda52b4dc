import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { isRunning } from "./processes.ts";

/** A benchmark that starts processes, prints their ids, and never ends. */
const benchmark = `
  import { spawn } from "node:child_process";
  import { mkdtempSync } from "node:fs";
  const { startGuard } = await import(${JSON.stringify(join(import.meta.dirname, "guard.ts"))});
  const guard = startGuard();
  const start = () => spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  const [kept, released] = [start(), start()];
  const folder = mkdtempSync(process.argv[1]);
  guard.process(kept.pid);
  guard.process(released.pid)();
  guard.folder(folder);
  console.log(JSON.stringify({ kept: kept.pid, released: released.pid, folder }));
  setInterval(() => {}, 1_000);`;

test.each(["SIGKILL", "SIGINT"] as const)("what a benchmark has started ends when it is ended by %s", async signal => {
  const parent = mkdtempSync(join(tmpdir(), "prochat-guard-"));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const bench = spawn(process.execPath, ["--input-type=module", "-e", benchmark, join(parent, "setup-")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(bench.stdout, "data");
  const { kept, released, folder } = JSON.parse(line) as { kept: number; released: number; folder: string };
  onTestFinished(() => void process.kill(released, "SIGKILL"));
  expect([isRunning(kept), isRunning(released), existsSync(folder)]).toEqual([true, true, true]);
  bench.kill(signal);
  await eventually(() => expect([isRunning(kept), existsSync(folder)]).toEqual([false, false]));
  expect(isRunning(released)).toBe(true);
});
