import { spawn } from "node:child_process";

// Usage: run-program.ts <program> <arguments…>. Starts another program the way ours is started, so that both pay for Node.

const [file = "", ...args] = process.argv.slice(2);
spawn(file, args, { stdio: "inherit" }).once("close", code => {
  process.exitCode = code ?? 1;
});
