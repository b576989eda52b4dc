import { readFileSync } from "node:fs";

/**
 * Stops a PostgreSQL in the middle of what it does, as a disk that hangs would: connections stay open and get no answer.
 * @param pid  of the postmaster, which has no children of children
 * @returns lets it go on
 */
export function freezePostgres(pid: number): () => void {
  process.kill(pid, "SIGSTOP"); // first: it starts no more children
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  for (const child of children) signal(child, "SIGSTOP");
  return () => {
    for (const each of [...children, pid]) signal(each, "SIGCONT");
  };
}

function signal(pid: number, name: "SIGSTOP" | "SIGCONT") {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended by itself
  }
}
