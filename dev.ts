import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

// `npm run dev`: builds dashboard and widget at each change, and restarts the server at each change of its code.
// Ctrl-C ends all of it.

const built = ["dist/dashboard/index.html", "dist/widget/widget.js"];
const watched = ["src/cli", "src/server", "src/database", "src/platform", "src/protocol", "migrations"];
const children: ChildProcess[] = [];

function run(command: string, args: string[]): void {
  // A group of its own: Ctrl-C reaches it through us, once.
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });
  child.on("exit", stop);
  children.push(child);
}

function stop(): void {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGTERM");
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

for (const screen of ["dashboard", "widget"]) {
  run("vite", ["build", "--watch", "--logLevel", "warn", "-c", `vite.${screen}.config.ts`]);
}
while (!built.every(existsSync)) await sleep(200);
run("node", [...watched.map(path => `--watch-path=${path}`), "--watch-preserve-output", "src/cli/main.ts", "start"]);
