import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "#lab/programs/folders.ts";
import { findsLostRecovery } from "./lost-recovery.ts";

/** A process with children of these titles, and the folder whose file names it as the postmaster. */
async function startFamily(...titles: string[]): Promise<string> {
  const children = titles.map(title => `(exec -a 'postgres: ${title} ' sleep 120) &`);
  const program = spawn("bash", ["-c", `${children.join("\n")}\necho ready\nwait`], { detached: true });
  onTestFinished(() => void process.kill(-program.pid!, "SIGKILL"));
  await new Promise(resolve => program.stdout.once("data", resolve));
  const dir = makeFolder();
  writeFileSync(join(dir, "postmaster.pid"), `${program.pid}\n${dir}\n1\n5432\n\n127.0.0.1\n\nready\n`);
  return dir;
}

test("a postmaster whose recovery has no process is found", async () => {
  const dir = await startFamily("checkpointer", "background writer");
  expect(await findsLostRecovery(dir, new AbortController().signal)).toBe(true);
});

test.each(["startup recovering 000000010000000000000002", "walwriter"])(
  "a postmaster with the child '%s' has lost none",
  async title => {
    const dir = await startFamily("checkpointer", title);
    // Longer than a lost one needs to be found.
    expect(await findsLostRecovery(dir, AbortSignal.timeout(15_000))).toBe(false);
  },
);
